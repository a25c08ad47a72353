import { useQueryClient } from '@tanstack/react-query';
import { WifiOff } from 'lucide-react';
import { useEffect } from 'react';
import { onReconnect, useConnection } from '../api/connection.ts';
import { Spinner } from '../components/spinner.tsx';
import { showToast } from '../components/toast.tsx';
import { useTranslation } from '../i18n/index.ts';

/** Says that the server is not reached, while it is not; everything is loaded anew when it is back. */
export function ConnectionBanner() {
  const t = useTranslation();
  const connection = useConnection();
  const queries = useQueryClient();
  useEffect(
    () =>
      onReconnect(() => {
        showToast(t('connection.back'));
        void queries.invalidateQueries();
      }),
    [queries, t],
  );
  if (connection === 'online') return <div role="status" />;
  return (
    <div
      role="status"
      data-print="hide"
      className="flex items-center justify-center gap-2.5 bg-warn-soft px-4 py-2 text-sm text-warn"
    >
      {connection === 'offline' ? (
        <WifiOff aria-hidden className="size-4 shrink-0" />
      ) : (
        <Spinner className="size-4" />
      )}
      {t(`connection.${connection}`)}
    </div>
  );
}
