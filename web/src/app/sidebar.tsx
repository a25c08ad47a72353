import { Link, useNavigate } from '@tanstack/react-router';
import { PanelLeftClose, Search, SquarePen } from 'lucide-react';
import { useMay, useSession } from '../api/session.ts';
import { IconButton } from '../components/button.tsx';
import { Keys } from '../components/keys.tsx';
import { ConversationList } from '../features/ask/conversation-list.tsx';
import { useTranslation } from '../i18n/index.ts';
import { openOverlay } from './overlays.ts';
import { pagesFor } from './pages.ts';
import { SettingsMenu } from './settings-menu.tsx';

const ROW =
  'press flex min-h-10 w-full items-center gap-2.5 rounded-md px-2.5 text-sm text-ink-soft transition-colors hover:text-ink';

/** Name, pages, conversations, settings. */
export function Sidebar({ onHide }: { onHide(): void }) {
  const t = useTranslation();
  const navigate = useNavigate();
  const pages = pagesFor(useSession().person?.permissions ?? []);
  const mayAsk = useMay('ask');
  const leave = () => openOverlay(undefined);
  return (
    <div className="flex h-full flex-col bg-sunken">
      <header className="flex h-14 shrink-0 items-center justify-between ps-4 pe-2">
        <Link to="/" onClick={leave} className="flex items-center gap-2.5 rounded-md pe-2 font-semibold">
          <img src="/icon.svg" alt="" className="size-6.5" />
          {t('app.name')}
        </Link>
        <IconButton icon={PanelLeftClose} label={t('app.hideSidebar')} onClick={onHide} />
      </header>
      <div className="shrink-0 space-y-0.5 px-2">
        {mayAsk && (
          <button
            type="button"
            className={ROW}
            onClick={() => {
              leave();
              void navigate({ to: '/' });
            }}
          >
            <SquarePen aria-hidden className="size-4.5 text-accent" />
            <span className="flex-1 text-start font-medium text-ink">{t('ask.new')}</span>
          </button>
        )}
        <button type="button" className={ROW} onClick={() => openOverlay('palette')}>
          <Search aria-hidden className="size-4.5" />
          <span className="flex-1 text-start">{t('app.search')}</span>
          <Keys of="Mod+K" />
        </button>
        <nav aria-label={t('nav.main')} className="space-y-0.5">
          {pages
            .filter((page) => page.to !== '/')
            .map(({ to, title, icon: Icon }) => (
              <Link
                key={to}
                to={to}
                onClick={leave}
                className={ROW}
                activeProps={{ className: 'bg-pressed text-ink font-medium' }}
              >
                <Icon aria-hidden className="size-4.5" />
                {t(title)}
              </Link>
            ))}
        </nav>
      </div>
      {mayAsk ? <ConversationList onOpen={leave} /> : <div className="flex-1" />}
      <footer className="shrink-0 border-t border-line p-2">
        <SettingsMenu />
      </footer>
    </div>
  );
}
