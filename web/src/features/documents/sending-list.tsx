import { RotateCw, X } from 'lucide-react';
import { sayError } from '../../api/errors.ts';
import { Button, IconButton } from '../../components/button.tsx';
import { formatBytes, formatNumber } from '../../i18n/format.ts';
import { useLanguage, useTranslation } from '../../i18n/index.ts';
import type { Batch, Sending, UploadQueue } from './upload-queue.ts';
import { TROUBLE, UploadRow, WORKING } from './upload-row.tsx';

/** So many rows are shown; of a large folder the rest is counted. */
const MOST_ROWS = 50;

function Progress({ file }: { file: Sending }) {
  const t = useTranslation();
  const share = file.sizeBytes === 0 ? 0 : Math.min(1, file.sentBytes / file.sizeBytes);
  return (
    <span
      role="progressbar"
      aria-label={t('documents.sendingOf', { name: file.path })}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={Math.round(share * 100)}
      className="h-1.5 w-28 shrink-0 overflow-hidden rounded-full bg-line"
    >
      <span className="block h-full rounded-full bg-accent" style={{ width: `${share * 100}%` }} />
    </span>
  );
}

function SendingRow({ file, queue }: { file: Sending; queue: UploadQueue }) {
  const t = useTranslation();
  const language = useLanguage();
  const isFailed = file.state === 'failed';
  const note = isFailed
    ? sayError(file.error, t)
    : t('documents.sending', { size: formatBytes(file.sizeBytes, language) });
  return (
    <UploadRow icon={isFailed ? TROUBLE : WORKING} name={file.path} note={note} isFailed={isFailed}>
      {file.state === 'sending' && <Progress file={file} />}
      {isFailed && (
        <IconButton
          icon={RotateCw}
          label={t('documents.retryOf', { name: file.path })}
          onClick={() => queue.retry(file.id)}
        />
      )}
      <IconButton
        icon={X}
        label={t('documents.cancelOf', { name: file.path })}
        onClick={() => queue.cancel(file.id)}
      />
    </UploadRow>
  );
}

/** How a whole folder fares, with what holds for all its files. */
function Whole({ batch, queue }: { batch: Batch; queue: UploadQueue }) {
  const t = useTranslation();
  const language = useLanguage();
  const failed = batch.files.filter(({ state }) => state === 'failed').length;
  const total = batch.files.length + batch.done;
  return (
    <div className="flex flex-wrap items-center gap-2 px-2 py-2 text-sm">
      <p className="min-w-0 flex-1 basis-48 font-medium" aria-live="polite">
        {t('documents.sent', {
          done: formatNumber(batch.done, language),
          total: formatNumber(total, language),
        })}
        {failed > 0 && <span className="text-danger"> {t('documents.sentNot', { count: failed })}</span>}
      </p>
      {failed > 1 && (
        <Button icon={RotateCw} onClick={() => queue.retry()}>
          {t('documents.retryAll')}
        </Button>
      )}
      <Button look="ghost" onClick={() => queue.cancelAll()}>
        {t('documents.cancelAll')}
      </Button>
    </div>
  );
}

/** Files on their way, with what becomes of each: those that go and those that failed before those that wait. */
export function SendingList({ batch, queue }: { batch: Batch; queue: UploadQueue }) {
  const t = useTranslation();
  const { files } = batch;
  if (files.length === 0) return null;
  const urgent = files.filter(({ state }) => state !== 'waiting');
  const shown = [...urgent, ...files.filter(({ state }) => state === 'waiting')].slice(0, MOST_ROWS);
  return (
    <div className="mt-2">
      {files.length + batch.done > 1 && <Whole batch={batch} queue={queue} />}
      <ul>
        {shown.map((file) => (
          <SendingRow key={file.id} file={file} queue={queue} />
        ))}
      </ul>
      {files.length > shown.length && (
        <p className="px-2 py-2 text-sm text-ink-soft">
          {t('documents.sendingMore', { count: files.length - shown.length })}
        </p>
      )}
    </div>
  );
}
