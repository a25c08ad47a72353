import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { ChevronDown, ChevronUp, Copy, ExternalLink, X } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
import type { AskCitation } from '#wire/hradlo/index.ts';
import { passageQuery } from '../../api/documents.ts';
import { IconButton } from '../../components/button.tsx';
import { Failure, Skeleton } from '../../components/states.tsx';
import { showToast } from '../../components/toast.tsx';
import { formatDate } from '../../i18n/format.ts';
import { useLanguage, useTranslation } from '../../i18n/index.ts';
import { WholeText } from './passage-text.tsx';
import { SourceView } from './source-view.tsx';

const VersionSwitch = lazy(async () => ({
  default: (await import('./version-switch.tsx')).VersionSwitch,
}));

interface EvidenceViewProps {
  readonly citation: AskCitation;
  readonly at: number;
  readonly count: number;
  onMove(by: -1 | 1): void;
  onClose(): void;
}

function Toolbar({ citation, at, count, onMove, onClose }: EvidenceViewProps) {
  const t = useTranslation();
  const copy = () => {
    navigator.clipboard.writeText(citation.quote.trim()).then(
      () => showToast(t('evidence.quoteCopied')),
      () => showToast(t('ask.copyFailed')),
    );
  };
  return (
    <div className="flex h-14 shrink-0 items-center gap-0.5 border-b border-line ps-4 pe-2">
      <div className="min-w-0 flex-1">
        <h2 className="truncate text-sm font-semibold">{citation.title}</h2>
        <p className="truncate text-xs text-ink-soft">{t('evidence.position', { index: at + 1, count })}</p>
      </div>
      <IconButton
        icon={ChevronUp}
        label={t('evidence.previous')}
        disabled={at === 0}
        onClick={() => onMove(-1)}
      />
      <IconButton
        icon={ChevronDown}
        label={t('evidence.next')}
        disabled={at === count - 1}
        onClick={() => onMove(1)}
      />
      <IconButton icon={Copy} label={t('evidence.copyQuote')} onClick={copy} />
      <Link
        to="/evidence/$versionId"
        params={{ versionId: citation.versionId }}
        search={{ from: citation.start, to: citation.end }}
        aria-label={t('evidence.openDocument')}
        title={t('evidence.openDocument')}
        className="press inline-flex size-9 items-center justify-center rounded-md text-ink-soft hover:text-ink"
      >
        <ExternalLink aria-hidden className="size-[1.125rem]" />
      </Link>
      <IconButton icon={X} label={t('evidence.close')} onClick={onClose} />
    </div>
  );
}

/** A source: the page or the text around the cited words, which are marked. */
export function EvidenceView(props: EvidenceViewProps) {
  const { citation } = props;
  const t = useTranslation();
  const language = useLanguage();
  const [versionId, setVersionId] = useState(citation.versionId);
  const passage = useQuery(passageQuery(versionId));
  const isCited = versionId === citation.versionId;
  return (
    <div className="flex h-full flex-col">
      <Toolbar {...props} />
      <div className="min-h-0 flex-1 overflow-y-auto px-5 pt-5 pb-16 sm:px-8">
        <p className="min-h-5 text-xs text-ink-soft">
          {passage.data && t('evidence.validFrom', { date: formatDate(passage.data.validFrom, language) })}
          {isCited && citation.page !== null && ` · ${t('ask.page', { page: citation.page })}`}
        </p>
        {passage.isPending && <Skeleton lines={9} className="mt-3" />}
        {passage.isError && (
          <Failure
            title={t('evidence.failed')}
            error={passage.error}
            onRetry={() => void passage.refetch()}
          />
        )}
        <Suspense>
          <VersionSwitch
            documentId={citation.documentId}
            citedId={citation.versionId}
            openId={versionId}
            onOpen={setVersionId}
          />
        </Suspense>
        {passage.data && isCited && <SourceView passage={passage.data} cited={citation} />}
        {passage.data && !isCited && (
          <WholeText passage={passage.data} cited={undefined} jumpTo={undefined} heading="h3" />
        )}
      </div>
    </div>
  );
}
