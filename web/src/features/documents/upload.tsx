import { useQuery, useQueryClient } from '@tanstack/react-query';
import { CloudUpload } from 'lucide-react';
import { lazy, Suspense, useEffect, useRef, useState, type DragEvent } from 'react';
import type { Collection } from '../../api/documents.ts';
import { useMay } from '../../api/session.ts';
import { entriesQuery } from '../../api/uploads.ts';
import { Button } from '../../components/button.tsx';
import { cx } from '../../components/class-names.ts';
import { showToast } from '../../components/toast.tsx';
import { useTranslation } from '../../i18n/index.ts';
import { filesOfDrop, filesOfInput, type PickedFile } from './picked-files.ts';
import { SendingList } from './sending-list.tsx';
import { UploadRow, WORKING } from './upload-row.tsx';
import { hasUploads, useUploads } from './use-uploads.ts';

const EntryRow = lazy(async () => ({ default: (await import('./entry-row.tsx')).EntryRow }));

/** Leaving the page would cut what is being sent: the browser asks first. */
function useWarning(): void {
  useEffect(() => {
    const warn = (event: BeforeUnloadEvent) => {
      if (hasUploads()) event.preventDefault();
    };
    window.addEventListener('beforeunload', warn);
    return () => window.removeEventListener('beforeunload', warn);
  }, []);
}

/** A button that opens the browser's own choice of files, or of a whole folder. */
function Pick({
  label,
  isFolder,
  onPick,
}: {
  label: string;
  isFolder: boolean;
  onPick(files: PickedFile[]): void;
}) {
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <Button onClick={() => input.current?.click()}>{label}</Button>
      <input
        ref={(element) => {
          input.current = element;
          if (element !== null) element.webkitdirectory = isFolder;
        }}
        type="file"
        multiple
        aria-label={label}
        className="sr-only"
        tabIndex={-1}
        onChange={(event) => {
          onPick(filesOfInput(event.target.files ?? []));
          event.target.value = '';
        }}
      />
    </>
  );
}

/** Where files and folders are dropped or chosen. */
function DropPlace({ onPick }: { onPick(files: PickedFile[]): void }) {
  const t = useTranslation();
  const [isOver, setIsOver] = useState(false);
  const onDrop = (event: DragEvent) => {
    event.preventDefault();
    setIsOver(false);
    filesOfDrop(event.dataTransfer).then(onPick, () => showToast(t('documents.unreadable')));
  };
  return (
    <div
      data-drop
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
      <Pick label={t('documents.choose')} isFolder={false} onPick={onPick} />
      <Pick label={t('documents.chooseFolder')} isFolder onPick={onPick} />
    </div>
  );
}

/** Adding documents: by dropping or choosing files and folders, with what becomes of each. */
export function Upload({ collection }: { collection: Collection }) {
  const t = useTranslation();
  const queries = useQueryClient();
  const mayWrite = useMay('documents.write');
  const { queue, batch } = useUploads(collection);
  const { data: entries = [] } = useQuery(entriesQuery(collection.name, mayWrite));
  const queued = entries.filter((entry) => entry.state === 'queued').length;
  useWarning();
  const before = useRef(queued);
  useEffect(() => {
    const isFewer = queued < before.current;
    before.current = queued;
    // One fewer waits: a document is there that was not.
    if (!isFewer) return;
    void queries.invalidateQueries({ queryKey: ['documents', collection.id] });
    void queries.invalidateQueries({ queryKey: ['collections'], refetchType: 'none' });
  }, [queued, collection.id, queries]);
  if (!mayWrite) return null;
  const add = (files: PickedFile[]) => {
    if (files.length === 0) showToast(t('documents.nothingPicked'));
    queue.add(files);
  };
  return (
    <section className="mb-4">
      <DropPlace onPick={add} />
      <div className="max-h-[40dvh] overflow-y-auto">
        <SendingList batch={batch} queue={queue} />
        <ul aria-live="polite">
          {entries.map((entry) => (
            <Suspense
              key={entry.id}
              fallback={<UploadRow icon={WORKING} name={entry.path} note="" isFailed={false} />}
            >
              <EntryRow entry={entry} collection={collection} />
            </Suspense>
          ))}
        </ul>
      </div>
    </section>
  );
}
