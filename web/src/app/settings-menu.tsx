import { useNavigate } from '@tanstack/react-router';
import { CircleUser, Keyboard, LogOut, Settings2 } from 'lucide-react';
import { signOut, useSession } from '../api/session.ts';
import { showToast } from '../components/toast.tsx';
import { MenuChoice, MenuItem, MenuTitle } from '../components/menu.tsx';
import { Popover } from '../components/popover.tsx';
import { changeLanguage, LANGUAGES, useLanguage, useTranslation, type Language } from '../i18n/index.ts';
import { openOverlay } from './overlays.ts';
import { setPreference, THEMES, usePreferences } from './preferences.ts';

// A language is written in itself, so that who reads only it can find it.
const NAMES: Record<Language, string> = { cs: 'Čeština', en: 'English' };

/** Appearance, language and the way to the shortcuts. */
export function SettingsMenu() {
  const t = useTranslation();
  const language = useLanguage();
  const navigate = useNavigate();
  const { theme } = usePreferences();
  const { state, person } = useSession();
  const isSignedIn = state === 'signed-in';
  return (
    <Popover
      label={t('app.settings')}
      role="menu"
      side="above"
      className="w-60"
      trigger={(props) => (
        <button
          type="button"
          {...props}
          className="press flex min-h-10 w-full items-center gap-2.5 rounded-md px-2.5 text-sm text-ink-soft hover:text-ink"
        >
          <Settings2 aria-hidden className="size-4.5 shrink-0" />
          <span className="min-w-0 truncate">{isSignedIn ? person?.displayName : t('app.settings')}</span>
        </button>
      )}
    >
      {(close) => (
        <>
          <MenuTitle>{t('theme.title')}</MenuTitle>
          {THEMES.map((value) => (
            <MenuChoice key={value} isChosen={value === theme} onSelect={() => setPreference('theme', value)}>
              {t(`theme.${value}`)}
            </MenuChoice>
          ))}
          <MenuTitle>{t('language.title')}</MenuTitle>
          {LANGUAGES.map((value) => (
            <MenuChoice key={value} isChosen={value === language} onSelect={() => void changeLanguage(value)}>
              <span lang={value}>{NAMES[value]}</span>
            </MenuChoice>
          ))}
          <div className="my-1.5 border-t border-line" />
          <MenuItem
            icon={CircleUser}
            onSelect={() => {
              close();
              openOverlay(undefined);
              void navigate({ to: '/account' });
            }}
          >
            {t('nav.account')}
          </MenuItem>
          <MenuItem
            icon={Keyboard}
            onSelect={() => {
              close();
              openOverlay('shortcuts');
            }}
          >
            {t('shortcuts.title')}
          </MenuItem>
          {isSignedIn && (
            <MenuItem
              icon={LogOut}
              onSelect={() => void signOut().catch(() => showToast(t('signIn.outFailed')))}
            >
              {t('signIn.out')}
            </MenuItem>
          )}
        </>
      )}
    </Popover>
  );
}
