import { useNavigate } from '@tanstack/react-router';
import { lazy, Suspense, useState } from 'react';
import { DocumentResponse } from '#wire/hradlo/index.ts';
import { sendJson } from '../../api/client.ts';
import { useMay } from '../../api/session.ts';
import { Button } from '../../components/button.tsx';
import { Dialog } from '../../components/dialog.tsx';
import { showToast } from '../../components/toast.tsx';
import { formatNumber, formatTime } from '../../i18n/format.ts';
import { useLanguage, useTranslation } from '../../i18n/index.ts';
import type { RecordedEvent } from './audit-api.ts';
import { sayKind } from './audit-kinds.ts';
import { sayActor, type Names } from './audit-list.tsx';

const CertificateDialog = lazy(async () => ({
  default: (await import('../ask/certificate-dialog.tsx')).CertificateDialog,
}));

const textOf = (value: RecordedEvent['fields'][string] | undefined): string | undefined =>
  typeof value === 'string' ? value : undefined;

/** Opens the document that the event is about, as it is now. */
function OpenDocument({
  documentId,
  versionId,
}: {
  documentId?: string | undefined;
  versionId?: string | undefined;
}) {
  const t = useTranslation();
  const navigate = useNavigate();
  const open = async () => {
    try {
      const id =
        versionId ??
        (await sendJson(DocumentResponse, `/hradlo/v1/documents/${encodeURIComponent(documentId ?? '')}`))
          .currentVersionId;
      if (id === null) throw new TypeError('no version is current');
      await navigate({ to: '/evidence/$versionId', params: { versionId: id } });
    } catch {
      showToast(t('audit.noDocument'));
    }
  };
  return <Button onClick={() => void open()}>{t('audit.document')}</Button>;
}

/** What the event names, with the way to it. */
function Ways({ fields, onCertificate }: { fields: RecordedEvent['fields']; onCertificate(): void }) {
  const t = useTranslation();
  const mayAnswers = useMay('answers.read');
  const mayDocuments = useMay('documents.read');
  const [documentId, versionId] = [textOf(fields['documentId']), textOf(fields['versionId'])];
  return (
    <div className="mb-5 flex flex-wrap gap-2">
      {mayAnswers && textOf(fields['answerId']) !== undefined && (
        <Button look="primary" onClick={onCertificate}>
          {t('audit.certificate')}
        </Button>
      )}
      {mayDocuments && (documentId ?? versionId) !== undefined && (
        <OpenDocument documentId={documentId} versionId={versionId} />
      )}
    </div>
  );
}

function Fields({ fields }: { fields: RecordedEvent['fields'] }) {
  const t = useTranslation();
  const all = Object.entries(fields);
  if (all.length === 0) return <p className="text-sm text-ink-soft">{t('audit.noFields')}</p>;
  return (
    <dl className="space-y-1.5 rounded-lg bg-sunken p-4 font-mono text-xs">
      {all.map(([name, value]) => (
        <div key={name} className="flex flex-wrap gap-x-3">
          <dt className="w-40 shrink-0 text-ink-soft">{name}</dt>
          <dd className="min-w-0 flex-1 basis-48 [overflow-wrap:anywhere]">
            {typeof value === 'string' ? value : JSON.stringify(value)}
          </dd>
        </div>
      ))}
    </dl>
  );
}

interface EventDialogProps {
  readonly event: RecordedEvent;
  readonly names: Names;
  onClose(): void;
}

/** One event as it was recorded, with the ways to what it names. */
export function EventDialog({ event, names, onClose }: EventDialogProps) {
  const t = useTranslation();
  const language = useLanguage();
  const [isCertificate, setIsCertificate] = useState(false);
  const answerId = textOf(event.fields['answerId']);
  if (isCertificate && answerId !== undefined) {
    return (
      <Suspense>
        <CertificateDialog answerId={answerId} onClose={onClose} />
      </Suspense>
    );
  }
  const facts = [
    { name: t('audit.when'), value: formatTime(event.at, language) },
    { name: t('audit.who'), value: sayActor(event, names, t) },
    { name: t('audit.place'), value: `${formatNumber(event.sequence, language)} · ${event.kind}` },
    { name: t('audit.chain'), value: event.chain },
    { name: t('audit.hash'), value: event.hash },
  ];
  return (
    <Dialog title={sayKind(event.kind, t)} className="w-[44rem]!" onClose={onClose}>
      <div className="px-6 pb-6">
        <dl className="mb-5">
          {facts.map(({ name, value }) => (
            <div key={name} className="border-b border-line py-2.5 text-sm sm:flex sm:gap-6">
              <dt className="shrink-0 font-semibold sm:w-32">{name}</dt>
              <dd className="min-w-0 flex-1 [overflow-wrap:anywhere]">{value}</dd>
            </div>
          ))}
        </dl>
        <Ways fields={event.fields} onCertificate={() => setIsCertificate(true)} />
        <h3 className="mb-2 text-sm font-semibold">{t('audit.fields')}</h3>
        <Fields fields={event.fields} />
      </div>
    </Dialog>
  );
}
