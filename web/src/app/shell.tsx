import { Outlet } from '@tanstack/react-router';
import { lazy, Suspense } from 'react';
import { Toasts } from '../components/toast.tsx';
import { useTranslation } from '../i18n/index.ts';
import { ConnectionBanner } from './connection-banner.tsx';
import { openOverlay, useOverlay } from './overlays.ts';
import { setPreference, usePreferences } from './preferences.ts';
import { Sidebar } from './sidebar.tsx';
import { SidebarDrawer } from './sidebar-drawer.tsx';
import { useShortcuts } from './use-shortcuts.ts';

const ShortcutsDialog = lazy(async () => ({
  default: (await import('./shortcuts-dialog.tsx')).ShortcutsDialog,
}));
const Palette = lazy(async () => ({ default: (await import('./palette.tsx')).Palette }));

/** The frame around every page. */
export function Shell() {
  const t = useTranslation();
  const overlay = useOverlay();
  const { isSidebarShown } = usePreferences();
  useShortcuts();
  const close = () => openOverlay(undefined);
  return (
    <div className="flex h-full flex-col">
      <a
        href="#content"
        className="fixed start-2 -top-20 z-50 rounded-md bg-accent px-4 py-2 text-on-accent focus:top-2"
      >
        {t('app.skip')}
      </a>
      <ConnectionBanner />
      <div className="flex min-h-0 flex-1">
        {isSidebarShown && (
          <aside
            aria-label={t('app.sidebar')}
            data-print="hide"
            className="hidden w-68 shrink-0 border-e border-line md:block"
          >
            <Sidebar onHide={() => setPreference('isSidebarShown', false)} />
          </aside>
        )}
        <main id="content" tabIndex={-1} className="min-w-0 flex-1 outline-none">
          <Outlet />
        </main>
      </div>
      {overlay === 'sidebar' && (
        <SidebarDrawer onClose={close}>
          <Sidebar onHide={close} />
        </SidebarDrawer>
      )}
      {overlay === 'palette' && (
        <Suspense>
          <Palette onClose={close} />
        </Suspense>
      )}
      {overlay === 'shortcuts' && (
        <Suspense>
          <ShortcutsDialog onClose={close} />
        </Suspense>
      )}
      <Toasts />
    </div>
  );
}
