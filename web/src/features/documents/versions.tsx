import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useId, useState } from 'react';
import type { ChangesResponse } from '#wire/hradlo/index.ts';
import { changesQuery, type DocumentVersion } from '../../api/versions.ts';
import { cx } from '../../components/class-names.ts';
import { Select } from '../../components/select.tsx';
import { Failure, Skeleton } from '../../components/states.tsx';
import { formatBytes, formatDate, formatTime } from '../../i18n/format.ts';
import { useLanguage, useTranslation } from '../../i18n/index.ts';

type Change = ChangesResponse['changes'][number];

function ChangeView({ change }: { change: Change }) {
  const t = useTranslation();
  const place = change.after ?? change.before;
  return (
    <li className="rounded-lg border border-line bg-surface p-4">
      <p className="mb-2 flex flex-wrap gap-x-3 text-xs text-ink-soft">
        <span className="font-semibold text-ink">{t(`documents.${change.change}`)}</span>
        <span>{place?.headingPath.join(' › ')}</span>
      </p>
      {change.before && (
        <del className="block text-sm whitespace-pre-wrap text-ink-soft">{change.before.text.trim()}</del>
      )}
      {change.after && (
        <ins className="mt-2 block text-sm whitespace-pre-wrap decoration-accent decoration-2 underline-offset-4">
          {change.after.text.trim()}
        </ins>
      )}
    </li>
  );
}

/** What changed from one version to another, piece by piece. */
export function Changes({ documentId, from, to }: { documentId: string; from: string; to: string }) {
  const t = useTranslation();
  const changes = useQuery(changesQuery(documentId, from, to));
  if (changes.isPending) return <Skeleton lines={5} />;
  if (changes.isError)
    return (
      <Failure
        title={t('documents.changesFailed')}
        error={changes.error}
        onRetry={() => void changes.refetch()}
      />
    );
  if (changes.data.length === 0) return <p className="text-ink-soft">{t('documents.noChanges')}</p>;
  return (
    <ol className="space-y-3">
      {changes.data.map((change) => (
        <ChangeView key={`${change.before?.start ?? ''} ${change.after?.start ?? ''}`} change={change} />
      ))}
    </ol>
  );
}

interface VersionsProps {
  readonly documentId: string;
  readonly versions: readonly DocumentVersion[];
  readonly openId: string;
}

/** Every version of a document, and what changed from one to another. */
export function Versions({ documentId, versions, openId }: VersionsProps) {
  const t = useTranslation();
  const language = useLanguage();
  const selectId = useId();
  const at = versions.findIndex((version) => version.id === openId);
  const [compared, setCompared] = useState(versions[at + 1]?.id);
  return (
    <>
      <ol>
        {versions.map((version) => (
          <li key={version.id}>
            <Link
              to="/evidence/$versionId"
              params={{ versionId: version.id }}
              aria-current={version.id === openId ? 'page' : undefined}
              className={cx(
                'press flex flex-wrap gap-x-4 border-b border-line px-2 py-2.5 text-sm',
                version.id === openId && 'bg-accent-soft',
              )}
            >
              <span className="min-w-0 flex-1 basis-48 font-medium">
                {t('evidence.validFrom', { date: formatDate(version.validFrom, language) })}
                {version.validTo !== null && ` – ${formatDate(version.validTo, language)}`}
              </span>
              <span className="text-ink-soft">
                {t('documents.recorded', { date: formatTime(version.recordedFrom, language) })}
              </span>
              <span className="text-ink-soft tabular-nums">{formatBytes(version.sizeBytes, language)}</span>
            </Link>
          </li>
        ))}
      </ol>
      {versions.length > 1 && (
        <section className="mt-8">
          <label htmlFor={selectId} className="text-sm font-semibold">
            {t('documents.compareWith')}
          </label>
          <Select
            id={selectId}
            value={compared ?? ''}
            className="mt-1.5 mb-5 max-w-96"
            onChange={(event) => setCompared(event.target.value)}
          >
            {compared === undefined && <option value="" />}
            {versions
              .filter((version) => version.id !== openId)
              .map((version) => (
                <option key={version.id} value={version.id}>
                  {t('evidence.validFrom', { date: formatDate(version.validFrom, language) })}
                </option>
              ))}
          </Select>
          {compared !== undefined && <Changes documentId={documentId} from={compared} to={openId} />}
        </section>
      )}
    </>
  );
}
