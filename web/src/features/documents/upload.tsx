import { useQuery, useQueryClient } from '@tanstack/react-query';
import { CloudUpload, Trash2 } from 'lucide-react';
import { lazy, Suspense, useEffect, useRef, useState, type DragEvent } from 'react';
import type { Collection } from '../../api/documents.ts';
import { sayError } from '../../api/errors.ts';
import { useMay } from '../../api/session.ts';
import { entriesQuery, uploadFile } from '../../api/uploads.ts';
import { Button, IconButton } from '../../components/button.tsx';
import { cx } from '../../components/class-names.ts';
import { formatBytes } from '../../i18n/format.ts';
import { loadAdminTexts, useLanguage, useTranslation } from '../../i18n/index.ts';
import { TROUBLE, UploadRow, WORKING } from './upload-row.tsx';

/** A file on its way to the server. */
interface Sending {
  readonly id: number;
  readonly name: string;
  readonly sizeBytes: number;
  readonly error: string | undefined;
}

let lastId = 0;

/** Sends files one after another and remembers which are on their way and which failed. */
function useUploads(collection: Collection) {
  const t = useTranslation();
  const queries = useQueryClient();
  const [sending, setSending] = useState<readonly Sending[]>([]);
  const upload = async (files: readonly File[]) => {
    const items = files.map((file) => {
      lastId += 1;
      return { file, entry: { id: lastId, name: file.name, sizeBytes: file.size, error: undefined } };
    });
    setSending((known) => [...known, ...items.map(({ entry }) => entry)]);
    for (const { file, entry } of items) {
      try {
        await uploadFile(collection.id, file);
        setSending((known) => known.filter(({ id }) => id !== entry.id));
      } catch (error) {
        const said = sayError(error, t);
        setSending((known) => known.map((one) => (one.id === entry.id ? { ...one, error: said } : one)));
      }
      await queries.invalidateQueries({ queryKey: ['entries', collection.name] });
      // A short file may be read before anybody saw it wait.
      await queries.invalidateQueries({ queryKey: ['documents', collection.id] });
    }
  };
  const forget = (id: number) => setSending((known) => known.filter((one) => one.id !== id));
  return { sending, upload, forget };
}

const EntryRow = lazy(async () => {
  const [module] = await Promise.all([import('./entry-row.tsx'), loadAdminTexts()]);
  return { default: module.EntryRow };
});

/** Adding documents: by dropping or choosing files, with what becomes of each. */
export function Upload({ collection }: { collection: Collection }) {
  const t = useTranslation();
  const language = useLanguage();
  const queries = useQueryClient();
  const mayWrite = useMay('documents.write');
  const input = useRef<HTMLInputElement>(null);
  const [isOver, setIsOver] = useState(false);
  const { sending, upload, forget } = useUploads(collection);
  const { data: entries = [] } = useQuery(entriesQuery(collection.name, mayWrite));
  const queued = entries.filter((entry) => entry.state === 'queued').length;
  useEffect(() => {
    // One fewer waits: a document is there that was not.
    void queries.invalidateQueries({ queryKey: ['documents', collection.id] });
  }, [queued, collection.id, queries]);
  if (!mayWrite) return null;
  const onDrop = (event: DragEvent) => {
    event.preventDefault();
    setIsOver(false);
    void upload([...event.dataTransfer.files]);
  };
  return (
    <section className="mb-4">
      <div
        onDragOver={(event) => {
          event.preventDefault();
          setIsOver(true);
        }}
        onDragLeave={() => setIsOver(false)}
        onDrop={onDrop}
        className={cx(
          'flex flex-wrap items-center gap-3 rounded-lg border border-dashed px-4 py-3 transition-colors',
          isOver ? 'border-accent bg-accent-soft' : 'border-line-strong/60',
        )}
      >
        <CloudUpload aria-hidden className="size-5 shrink-0 text-ink-soft" />
        <p className="min-w-0 flex-1 basis-48 text-sm text-ink-soft">{t('documents.drop')}</p>
        <Button onClick={() => input.current?.click()}>{t('documents.choose')}</Button>
        <input
          ref={input}
          type="file"
          multiple
          aria-label={t('documents.choose')}
          className="sr-only"
          tabIndex={-1}
          onChange={(event) => {
            void upload([...(event.target.files ?? [])]);
            event.target.value = '';
          }}
        />
      </div>
      <ul aria-live="polite">
        {sending.map((one) => (
          <UploadRow
            key={one.id}
            icon={one.error === undefined ? WORKING : TROUBLE}
            name={one.name}
            note={one.error ?? t('documents.sending', { size: formatBytes(one.sizeBytes, language) })}
            isFailed={one.error !== undefined}
          >
            {one.error !== undefined && (
              <IconButton icon={Trash2} label={t('app.close')} onClick={() => forget(one.id)} />
            )}
          </UploadRow>
        ))}
        {entries.map((entry) => (
          <Suspense
            key={entry.id}
            fallback={<UploadRow icon={WORKING} name={entry.path} note="" isFailed={false} />}
          >
            <EntryRow entry={entry} collection={collection} />
          </Suspense>
        ))}
      </ul>
    </section>
  );
}
