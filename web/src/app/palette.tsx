import { useNavigate } from '@tanstack/react-router';
import {
  Keyboard,
  Languages,
  MessageSquareText,
  Moon,
  Search,
  SquarePen,
  type LucideIcon,
} from 'lucide-react';
import { useEffect, useId, useRef, useState, type KeyboardEvent } from 'react';
import { useQuery } from '@tanstack/react-query';
import { useMay, useSession } from '../api/session.ts';
import { collectionsQuery } from '../api/documents.ts';
import { cx } from '../components/class-names.ts';
import { Dialog } from '../components/dialog.tsx';
import { Keys } from '../components/keys.tsx';
import { conversationStore } from '../features/ask/conversation-store.ts';
import { useListed } from '../features/ask/use-conversations.ts';
import { EVERYTHING, fold, searchTitles } from '../features/ask/conversation.ts';
import { changeLanguage, useLanguage, useTranslation } from '../i18n/index.ts';
import { openOverlay } from './overlays.ts';
import { PAGES, pagesFor } from './pages.ts';
import { setPreference, THEMES, usePreferences } from './preferences.ts';

interface Command {
  readonly id: string;
  readonly group: string;
  readonly name: string;
  readonly icon: LucideIcon;
  /** The shortcut that does the same: `Alt+1`. */
  readonly keys?: string;
  run(): void;
}

const MOST_CONVERSATIONS = 8;

/** Everything that the palette can do for these words. */
function useCommands(query: string): readonly Command[] {
  const t = useTranslation();
  const language = useLanguage();
  const navigate = useNavigate();
  const { theme } = usePreferences();
  const conversations = useListed();
  const mayAsk = useMay('ask');
  const collections = useQuery({ ...collectionsQuery, enabled: useMay('documents.read') });
  const nextTheme = THEMES[(THEMES.indexOf(theme) + 1) % THEMES.length] ?? 'system';
  const pages = pagesFor(useSession().person?.permissions ?? []).map(({ to, title, icon }): Command => {
    const keys = `Alt+${PAGES.findIndex((page) => page.to === to) + 1}`;
    return {
      id: to,
      group: t('palette.pages'),
      name: t(title),
      icon,
      keys,
      run: () => void navigate({ to }),
    };
  });
  const documents = (collections.data ?? []).map((collection): Command => {
    const run = () =>
      void navigate({ to: '/documents/$collectionId', params: { collectionId: collection.id } });
    return { id: collection.id, group: t('palette.documents'), name: collection.title, icon: Search, run };
  });
  const newQuestion: Command = {
    id: 'new-question',
    group: t('palette.actions'),
    name: t('shortcuts.newQuestion'),
    icon: SquarePen,
    keys: 'Mod+Shift+O',
    run: () => void navigate({ to: '/' }),
  };
  const actions: Command[] = [
    ...(mayAsk ? [newQuestion] : []),
    {
      id: 'shortcuts',
      group: t('palette.actions'),
      name: t('shortcuts.title'),
      icon: Keyboard,
      keys: '?',
      run: () => openOverlay('shortcuts'),
    },
    {
      id: 'theme',
      group: t('palette.actions'),
      name: `${t('theme.title')}: ${t(`theme.${nextTheme}`)}`,
      icon: Moon,
      run: () => setPreference('theme', nextTheme),
    },
    {
      id: 'language',
      group: t('palette.actions'),
      name: language === 'cs' ? 'English' : 'Čeština',
      icon: Languages,
      run: () => void changeLanguage(language === 'cs' ? 'en' : 'cs'),
    },
  ];
  const found = searchTitles([...conversations.values()], query)
    .slice(0, MOST_CONVERSATIONS)
    .map(({ id, title }): Command => {
      const run = () => void navigate({ to: '/c/$conversationId', params: { conversationId: id } });
      return { id, group: t('palette.conversations'), name: title, icon: MessageSquareText, run };
    });
  const words = fold(query).split(/\s+/).filter(Boolean);
  const matching = [...pages, ...actions, ...documents].filter((command) =>
    words.every((word) => fold(command.name).includes(word)),
  );
  const askThis: Command = {
    id: 'ask',
    group: t('palette.actions'),
    name: t('palette.askThis', { text: query.trim() }),
    icon: SquarePen,
    run() {
      const conversationId = conversationStore.ask(query.trim(), EVERYTHING);
      void navigate({ to: '/c/$conversationId', params: { conversationId } });
    },
  };
  return [...matching, ...found, ...(mayAsk && query.trim().length > 2 ? [askThis] : [])];
}

/** Go anywhere, find anything, by keyboard. */
export function Palette({ onClose }: { onClose(): void }) {
  const t = useTranslation();
  const listId = useId();
  const [query, setQuery] = useState('');
  const [at, setAt] = useState(0);
  const list = useRef<HTMLUListElement>(null);
  const commands = useCommands(query);
  const chosen = commands[Math.min(at, commands.length - 1)];
  useEffect(() => {
    list.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: 'nearest' });
  }, [at]);
  const run = (command: Command | undefined) => {
    if (command === undefined) return;
    onClose();
    command.run();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const count = Math.max(commands.length, 1);
    if (event.key === 'ArrowDown') setAt((at + 1) % count);
    else if (event.key === 'ArrowUp') setAt((at + count - 1) % count);
    else if (event.key === 'Enter' && !event.nativeEvent.isComposing) run(chosen);
    else return;
    event.preventDefault();
  };
  return (
    <Dialog
      isTitleHidden
      title={t('palette.title')}
      onClose={onClose}
      className="mt-[12vh]! overflow-hidden!"
    >
      <div className="flex items-center gap-3 border-b border-line px-4">
        <Search aria-hidden className="size-4.5 shrink-0 text-ink-faint" />
        <input
          role="combobox"
          aria-label={t('palette.title')}
          aria-expanded
          aria-controls={listId}
          aria-activedescendant={chosen && `${listId}-${chosen.id}`}
          autoComplete="off"
          spellCheck={false}
          value={query}
          placeholder={t('palette.placeholder')}
          className="h-13 min-w-0 flex-1 bg-transparent outline-none"
          onChange={(event) => {
            setQuery(event.target.value);
            setAt(0);
          }}
          onKeyDown={onKeyDown}
        />
      </div>
      <ul
        ref={list}
        id={listId}
        role="listbox"
        aria-label={t('palette.title')}
        className="max-h-[50vh] overflow-y-auto p-2"
      >
        {commands.map((command, index) => (
          <li
            key={command.id}
            id={`${listId}-${command.id}`}
            role="option"
            aria-selected={command === chosen}
            className={cx(
              'flex min-h-10 items-center gap-3 rounded-md px-3 text-sm',
              command === chosen && 'bg-pressed',
            )}
            onPointerMove={() => setAt(index)}
            onClick={() => run(command)}
          >
            <command.icon aria-hidden className="size-4 shrink-0 text-ink-faint" />
            <span className="min-w-0 flex-1 truncate">{command.name}</span>
            {command.group !== commands[index - 1]?.group && (
              <span className="text-2xs text-ink-soft">{command.group}</span>
            )}
            {command.keys !== undefined && (
              <span aria-hidden className="hidden sm:block">
                <Keys of={command.keys} />
              </span>
            )}
          </li>
        ))}
      </ul>
      <p role="status" className={commands.length === 0 ? 'px-5 pb-5 text-sm text-ink-soft' : 'sr-only'}>
        {commands.length === 0 ? t('palette.empty') : t('palette.results', { count: commands.length })}
      </p>
    </Dialog>
  );
}
