import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { Download, Ellipsis, Pencil, Search, Trash2 } from 'lucide-react';
import { memo, useDeferredValue, useEffect, useState } from 'react';
import { exportConversation, findConversations } from '../../api/conversations.ts';
import { sayError } from '../../api/errors.ts';
import { Button } from '../../components/button.tsx';
import { cx } from '../../components/class-names.ts';
import { MenuItem } from '../../components/menu.tsx';
import { Popover } from '../../components/popover.tsx';
import { Spinner } from '../../components/spinner.tsx';
import { Skeleton } from '../../components/states.tsx';
import { showToast } from '../../components/toast.tsx';
import { useLanguage, useTranslation } from '../../i18n/index.ts';
import { conversationStore } from './conversation-store.ts';
import { useListed, useListing, type Listed } from './use-conversations.ts';
import { ageOf, searchTitles } from './conversation.ts';
import { downloadText } from './download.ts';
import { toListed } from './kept-conversation.ts';

function Rename({ conversation, onDone }: { conversation: Listed; onDone(): void }) {
  const t = useTranslation();
  const [title, setTitle] = useState(conversation.title);
  const save = () => {
    conversationStore.rename(conversation.id, title);
    onDone();
  };
  return (
    <input
      autoFocus
      aria-label={t('chats.renameLabel')}
      value={title}
      className="h-9 w-full rounded-md border border-accent bg-surface px-2.5 text-sm"
      onFocus={(event) => event.target.select()}
      onChange={(event) => setTitle(event.target.value)}
      onBlur={save}
      onKeyDown={(event) => {
        if (event.key === 'Enter') save();
        else if (event.key === 'Escape') onDone();
      }}
    />
  );
}

function Actions({ conversation, onRename }: { conversation: Listed; onRename(): void }) {
  const t = useTranslation();
  const navigate = useNavigate();
  const label = t('chats.actions', { title: conversation.title });
  const language = useLanguage();
  const exportIt = () => {
    exportConversation(conversation.id, language).then(
      (text) => downloadText(`${conversation.title}.md`, text),
      (error: unknown) => showToast(sayError(error, t)),
    );
  };
  const deleteIt = () => {
    const undo = conversationStore.delete(conversation.id);
    void navigate({ to: '/' });
    showToast(t('chats.deleted', { title: conversation.title }), () => {
      undo();
      void navigate({ to: '/c/$conversationId', params: { conversationId: conversation.id } });
    });
  };
  return (
    <Popover
      label={label}
      role="menu"
      className="w-56"
      trigger={(props) => (
        <button
          type="button"
          {...props}
          aria-label={label}
          title={t('app.more')}
          className="press inline-flex size-7 shrink-0 items-center justify-center rounded-sm text-ink-soft opacity-0 group-focus-within:opacity-100 group-hover:opacity-100 aria-expanded:opacity-100 [@media(hover:none)]:opacity-100"
        >
          <Ellipsis aria-hidden className="size-4" />
        </button>
      )}
    >
      {(close) => (
        <>
          <MenuItem
            icon={Pencil}
            onSelect={() => {
              close();
              onRename();
            }}
          >
            {t('chats.rename')}
          </MenuItem>
          <MenuItem
            icon={Download}
            onSelect={() => {
              close();
              exportIt();
            }}
          >
            {t('chats.export')}
          </MenuItem>
          <MenuItem icon={Trash2} isDangerous onSelect={deleteIt}>
            {t('chats.delete')}
          </MenuItem>
        </>
      )}
    </Popover>
  );
}

interface RowProps {
  readonly conversation: Listed;
  onOpen(): void;
}

/** While an answer grows only the row of its conversation changes. */
const Row = memo(function Row({ conversation, onOpen }: RowProps) {
  const t = useTranslation();
  const [isRenaming, setIsRenaming] = useState(false);
  if (isRenaming) {
    return (
      <li>
        <Rename conversation={conversation} onDone={() => setIsRenaming(false)} />
      </li>
    );
  }
  return (
    <li className="group relative">
      <Link
        to="/c/$conversationId"
        params={{ conversationId: conversation.id }}
        onClick={onOpen}
        className="press flex min-h-9 items-center gap-2 rounded-md ps-2.5 pe-9 text-sm text-ink-soft"
        activeProps={{ className: 'bg-pressed text-ink! font-medium' }}
        activeOptions={{ includeSearch: false }}
      >
        <span className="truncate">{conversation.title}</span>
        {conversation.isAnswering && (
          <Spinner label={t('chats.answering')} className="size-3.5 text-accent" />
        )}
      </Link>
      <span className="absolute end-1 top-1">
        <Actions conversation={conversation} onRename={() => setIsRenaming(true)} />
      </span>
    </li>
  );
});

const MOST_SHOWN = 200;
const TYPING_MS = 200;

/** What a search finds: at once in what is here, then in all texts on the server. */
function useFound(all: readonly Listed[], query: string): readonly Listed[] {
  const words = query.trim();
  const here = searchTitles(all, useDeferredValue(query));
  const { data: there } = useQuery({
    queryKey: ['conversations', 'search', words],
    enabled: words.length > 1,
    placeholderData: keepPreviousData,
    async queryFn({ signal }) {
      // Not for every letter: a newer search ends this one.
      await new Promise((resolve) => setTimeout(resolve, TYPING_MS));
      signal.throwIfAborted();
      return findConversations(words, signal);
    },
  });
  if (words.length < 2 || there === undefined) return here;
  const known = new Map(all.map((conversation) => [conversation.id, conversation]));
  const ids = new Set(here.map(({ id }) => id));
  const more = there
    .filter(({ id }) => !ids.has(id))
    .map((one) => known.get(one.id) ?? { ...toListed(one), isAnswering: false });
  return [...here, ...more].toSorted((a, b) => b.updatedAtMs - a.updatedAtMs);
}

function Nothing({ isSearch, listing }: { isSearch: boolean; listing: 'loading' | 'loaded' | 'failed' }) {
  const t = useTranslation();
  if (listing === 'loading') return <Skeleton lines={3} className="px-2.5 py-2" />;
  if (listing === 'loaded') {
    return (
      <p className="px-2.5 py-1 text-sm text-ink-soft">{t(isSearch ? 'chats.noMatch' : 'chats.empty')}</p>
    );
  }
  return (
    <div className="px-2.5 py-1 text-sm text-ink-soft">
      <p>{t('chats.failed')}</p>
      <Button className="mt-2" onClick={conversationStore.again}>
        {t('app.retry')}
      </Button>
    </div>
  );
}

/** Conversations of this person, by age, with a search over their names and texts. */
export function ConversationList({ onOpen }: { onOpen(): void }) {
  const t = useTranslation();
  const listing = useListing();
  const all = [...useListed().values()];
  const [query, setQuery] = useState('');
  const found = useFound(all, query).slice(0, MOST_SHOWN);
  useEffect(() => {
    const look = () => {
      if (!document.hidden) conversationStore.listIfOld();
    };
    document.addEventListener('visibilitychange', look);
    return () => document.removeEventListener('visibilitychange', look);
  }, []);
  const nowMs = Date.now();
  const groups = Map.groupBy(found, (conversation) => ageOf(conversation.updatedAtMs, nowMs));
  return (
    <section aria-label={t('chats.title')} className="mt-4 flex min-h-0 flex-1 flex-col">
      {all.length > 4 && (
        <label className="mx-2 mb-2 flex h-9 shrink-0 items-center gap-2 rounded-md border border-line bg-surface px-2.5 focus-within:border-accent">
          <Search aria-hidden className="size-4 text-ink-faint" />
          <input
            type="search"
            aria-label={t('chats.search')}
            placeholder={t('chats.search')}
            value={query}
            className="min-w-0 flex-1 bg-transparent text-sm outline-none"
            onChange={(event) => setQuery(event.target.value)}
          />
        </label>
      )}
      <div className="min-h-0 flex-1 overflow-y-auto px-2 pb-2">
        {found.length === 0 && <Nothing isSearch={all.length > 0} listing={listing} />}
        {[...groups].map(([age, conversations], index) => (
          <div key={age}>
            <h2 className={cx('px-2.5 pb-1 text-2xs font-semibold text-ink-faint', index > 0 && 'pt-4')}>
              {t(`chats.${age}`)}
            </h2>
            <ul>
              {conversations.map((conversation) => (
                <Row key={conversation.id} conversation={conversation} onOpen={onOpen} />
              ))}
            </ul>
          </div>
        ))}
      </div>
    </section>
  );
}
