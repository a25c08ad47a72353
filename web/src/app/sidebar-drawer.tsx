import { type ReactNode } from 'react';
import { Dialog } from '../components/dialog.tsx';
import { useTranslation } from '../i18n/index.ts';

/** The sidebar on a narrow screen: over the page, closed by Escape or a tap beside it. */
export function SidebarDrawer({ children, onClose }: { children: ReactNode; onClose(): void }) {
  const t = useTranslation();
  return (
    <Dialog
      isTitleHidden
      title={t('app.sidebar')}
      onClose={onClose}
      className="m-0! h-dvh max-h-none! w-80! max-w-[86vw]! rounded-s-none!"
    >
      {children}
    </Dialog>
  );
}
