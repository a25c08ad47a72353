import { Menu, PanelLeftOpen } from 'lucide-react';
import type { ReactNode } from 'react';
import { IconButton } from '../components/button.tsx';
import { useTranslation } from '../i18n/index.ts';
import { openOverlay } from './overlays.ts';
import { setPreference, usePreferences } from './preferences.ts';

/** The bar at the top of a page: the way to the sidebar, the title, what can be done. */
export function PageHeader({ title, children }: { title: ReactNode; children?: ReactNode }) {
  const t = useTranslation();
  const { isSidebarShown } = usePreferences();
  return (
    <header data-print="hide" className="flex h-14 shrink-0 items-center gap-1.5 px-2 sm:px-3">
      <span className="md:hidden">
        <IconButton icon={Menu} label={t('app.menu')} onClick={() => openOverlay('sidebar')} />
      </span>
      {!isSidebarShown && (
        <span className="hidden md:inline-flex">
          <IconButton
            icon={PanelLeftOpen}
            label={t('app.showSidebar')}
            onClick={() => setPreference('isSidebarShown', true)}
          />
        </span>
      )}
      <div className="min-w-0 flex-1 truncate px-1.5 text-sm font-medium">{title}</div>
      {children}
    </header>
  );
}
