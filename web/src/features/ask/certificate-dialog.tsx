import { useMutation, useQuery } from '@tanstack/react-query';
import { CircleCheck, CircleHelp, CircleX, Download } from 'lucide-react';
import type { ReactNode } from 'react';
import { CertificateResponse, ReplayResponse } from '#wire/hradlo/index.ts';
import { sendJson } from '../../api/client.ts';
import { Button } from '../../components/button.tsx';
import { Dialog } from '../../components/dialog.tsx';
import { Failure, Skeleton } from '../../components/states.tsx';
import { formatDate, formatNumber, formatTime } from '../../i18n/format.ts';
import { useLanguage, useTranslation } from '../../i18n/index.ts';
import { downloadText } from './download.ts';

type Replay = (typeof ReplayResponse)['_output'];

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="border-b border-line py-3 sm:flex sm:gap-6">
      <dt className="shrink-0 text-sm font-semibold sm:w-40">{name}</dt>
      <dd className="min-w-0 flex-1 text-sm [overflow-wrap:anywhere]">{children}</dd>
    </div>
  );
}

/** A digest: its beginning for comparing by eye, the whole of it on hover and when copied. */
function Digest({ of: digest }: { of: string }) {
  const hex = digest.slice(digest.indexOf(':') + 1);
  return (
    <code title={digest} className="font-mono text-xs text-ink-soft">
      {hex.slice(0, 16)}…
    </code>
  );
}

function Evidence({ certificate }: { certificate: CertificateResponse }) {
  const t = useTranslation();
  const language = useLanguage();
  const cited = certificate.evidence.filter((piece) => piece.cited);
  const versions = [...new Map(cited.map((piece) => [piece.versionId, piece])).values()];
  if (versions.length === 0) return <>{t('certificate.noSources')}</>;
  return (
    <ul className="space-y-1.5">
      {versions.map((piece) => (
        <li key={piece.versionId}>
          {piece.title ?? t('certificate.hidden')}
          {piece.validFrom !== null && (
            <span className="text-ink-soft">
              {' '}
              · {t('evidence.validFrom', { date: formatDate(piece.validFrom, language) })}
            </span>
          )}
          {piece.file !== null && (
            <>
              {' '}
              <Digest of={piece.file} />
            </>
          )}
        </li>
      ))}
    </ul>
  );
}

const SIGNS = {
  equal: CircleCheck,
  same: CircleCheck,
  different: CircleX,
  changed: CircleHelp,
  'not rebuilt': CircleHelp,
  'not compared': CircleHelp,
} as const;

/** What a replay came to, one sentence each, with a sign and never by colour alone. */
function Verdict({ replay }: { replay: Replay }) {
  const t = useTranslation();
  const said = [
    { id: 'prompt', state: replay.prompt, text: t(`certificate.prompt.${replay.prompt}`) },
    { id: 'answer', state: replay.answer, text: t(`certificate.answer.${replay.answer}`) },
    { id: 'release', state: replay.release, text: t(`certificate.release.${replay.release}`) },
  ] as const;
  return (
    <ul role="status" className="mt-4 space-y-2 rounded-lg bg-sunken p-4 text-sm">
      {said.map(({ id, state, text }) => {
        const Icon = SIGNS[state];
        const tone = Icon === CircleCheck ? 'text-accent' : Icon === CircleX ? 'text-danger' : 'text-warn';
        return (
          <li key={id} className="flex items-start gap-2.5">
            <Icon aria-hidden className={`mt-0.5 size-4.5 shrink-0 ${tone}`} />
            {text}
          </li>
        );
      })}
    </ul>
  );
}

function Facts({ certificate }: { certificate: CertificateResponse }) {
  const t = useTranslation();
  const language = useLanguage();
  const isQuoted = certificate.mode === 'quoted';
  return (
    <dl>
      <Fact name={t('certificate.when')}>{formatTime(certificate.askedAt, language)}</Fact>
      <Fact name={t('certificate.who')}>{certificate.askedBy.subject}</Fact>
      <Fact name={t('certificate.how')}>
        {t(isQuoted ? 'ask.quoted' : 'ask.generated')} · {certificate.model}
      </Fact>
      <Fact name={t('certificate.from')}>
        <Evidence certificate={certificate} />
      </Fact>
      <Fact name={t('certificate.considered')}>
        {t('certificate.pieces', { count: certificate.evidence.length })}
      </Fact>
      <Fact name={t('certificate.rights')}>
        {t('certificate.rightsHint')} <Digest of={certificate.rights.fingerprint} />
      </Fact>
      <Fact name={t('certificate.validAt')}>{formatDate(certificate.validAt, language)}</Fact>
      <Fact name={t('certificate.rules')}>
        {t('certificate.rulesHint')} <Digest of={certificate.release.digest} />
      </Fact>
      <Fact name={t('certificate.record')}>
        <ul className="space-y-1">
          {certificate.events.map((event) => (
            <li key={event.hash}>
              {t('certificate.event', { number: formatNumber(event.sequence, language) })} ·{' '}
              {formatTime(event.at, language)} <Digest of={event.hash} />
            </li>
          ))}
        </ul>
      </Fact>
    </dl>
  );
}

/** An answer's certificate in plain words, with the way to check it. */
export function CertificateDialog({ answerId, onClose }: { answerId: string; onClose(): void }) {
  const t = useTranslation();
  const path = `/hradlo/v1/answers/${encodeURIComponent(answerId)}`;
  const certificate = useQuery({
    queryKey: ['certificate', answerId],
    queryFn: ({ signal }) => sendJson(CertificateResponse, `${path}/certificate`, { signal }),
  });
  const replay = useMutation({
    mutationFn: () => sendJson(ReplayResponse, `${path}/replay`, { method: 'POST' }),
  });
  return (
    <Dialog title={t('certificate.title')} className="w-[44rem]!" onClose={onClose}>
      <div className="px-6 pb-6">
        <p className="mb-2 text-sm text-ink-soft">{t('certificate.hint')}</p>
        {certificate.isPending && <Skeleton lines={7} />}
        {certificate.isError && (
          <Failure
            title={t('certificate.failed')}
            error={certificate.error}
            onRetry={() => void certificate.refetch()}
          />
        )}
        {certificate.data && (
          <>
            <Facts certificate={certificate.data} />
            <div className="mt-5 flex flex-wrap gap-2">
              <Button look="primary" disabled={replay.isPending} onClick={() => replay.mutate()}>
                {t(replay.isPending ? 'certificate.verifying' : 'certificate.verify')}
              </Button>
              <Button
                icon={Download}
                onClick={() =>
                  downloadText(`${answerId}.json`, `${JSON.stringify(certificate.data, undefined, 2)}\n`)
                }
              >
                {t('certificate.save')}
              </Button>
            </div>
            {replay.isError && (
              <div className="mt-4">
                <Failure title={t('certificate.verifyFailed')} error={replay.error} />
              </div>
            )}
            {replay.data && <Verdict replay={replay.data} />}
          </>
        )}
      </div>
    </Dialog>
  );
}
