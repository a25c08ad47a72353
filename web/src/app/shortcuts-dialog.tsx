import { Dialog } from '../components/dialog.tsx';
import { Keys } from '../components/keys.tsx';
import { useTranslation, type TextKey } from '../i18n/index.ts';
import { setPreference, usePreferences } from './preferences.ts';

const SHORTCUTS: readonly (readonly [string, TextKey])[] = [
  ['Mod+K', 'shortcuts.palette'],
  ['Mod+Shift+O', 'shortcuts.newQuestion'],
  ['/', 'shortcuts.focusQuestion'],
  ['Enter', 'shortcuts.send'],
  ['Shift+Enter', 'shortcuts.newLine'],
  ['Esc', 'shortcuts.stop'],
  ['Alt+Up', 'shortcuts.sources'],
  ['Alt+Down', 'shortcuts.sources'],
  ['Mod+\\', 'shortcuts.sidebar'],
  ['Alt+1', 'nav.ask'],
  ['Alt+2', 'nav.documents'],
  ['Alt+3', 'nav.people'],
  ['Alt+4', 'nav.models'],
  ['Alt+5', 'nav.operations'],
  ['?', 'shortcuts.help'],
];

/** Every shortcut, and the switch for those of one key. */
export function ShortcutsDialog({ onClose }: { onClose(): void }) {
  const t = useTranslation();
  const { hasSingleKeys } = usePreferences();
  return (
    <Dialog title={t('shortcuts.title')} onClose={onClose}>
      <dl className="px-6 pb-2">
        {SHORTCUTS.map(([keys, name]) => (
          <div
            key={keys}
            className="flex items-center justify-between gap-4 border-b border-line py-2 text-sm"
          >
            <dt>{t(name)}</dt>
            <dd>
              <Keys of={keys} />
            </dd>
          </div>
        ))}
      </dl>
      <label className="flex items-center gap-3 px-6 pt-2 pb-6 text-sm">
        <input
          type="checkbox"
          className="size-4.5"
          checked={hasSingleKeys}
          onChange={(event) => setPreference('hasSingleKeys', event.target.checked)}
        />
        {t('shortcuts.single')}
      </label>
    </Dialog>
  );
}
