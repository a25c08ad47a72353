import { Link, useNavigate } from '@tanstack/react-router';
import { Download, Ellipsis, LoaderCircle, Pencil, Search, Trash2 } from 'lucide-react';
import { memo, useDeferredValue, useState } from 'react';
import { cx } from '../../components/class-names.ts';
import { MenuItem } from '../../components/menu.tsx';
import { Popover } from '../../components/popover.tsx';
import { showToast } from '../../components/toast.tsx';
import { useTranslation } from '../../i18n/index.ts';
import { conversationStore, useConversations } from './conversation-store.ts';
import { ageOf, exportConversation, searchConversations, type Conversation } from './conversation.ts';
import { downloadText } from './download.ts';

function Rename({ conversation, onDone }: { conversation: Conversation; onDone(): void }) {
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

function Actions({ conversation, onRename }: { conversation: Conversation; onRename(): void }) {
  const t = useTranslation();
  const navigate = useNavigate();
  const label = t('chats.actions', { title: conversation.title });
  const exportIt = () => {
    const words = { sources: t('ask.sources', { count: 2 }), generated: t('ask.generatedHint') };
    downloadText(`${conversation.title}.md`, exportConversation(conversation, words));
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
  readonly conversation: Conversation;
  onOpen(): void;
}

/** While an answer grows only the row of its conversation changes. */
const Row = memo(function Row({ conversation, onOpen }: RowProps) {
  const t = useTranslation();
  const [isRenaming, setIsRenaming] = useState(false);
  const last = conversation.turns.at(-1)?.answer.state;
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
        {(last === 'waiting' || last === 'streaming') && (
          <LoaderCircle
            role="img"
            aria-label={t('chats.answering')}
            className="size-3.5 shrink-0 animate-turn text-accent"
          />
        )}
      </Link>
      <span className="absolute end-1 top-1">
        <Actions conversation={conversation} onRename={() => setIsRenaming(true)} />
      </span>
    </li>
  );
});

const MOST_SHOWN = 200;

/** Conversations of this person, by age, with a search over their names and texts. */
export function ConversationList({ onOpen }: { onOpen(): void }) {
  const t = useTranslation();
  const all = [...useConversations().values()];
  const [query, setQuery] = useState('');
  const found = searchConversations(all, useDeferredValue(query)).slice(0, MOST_SHOWN);
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
        {found.length === 0 && (
          <p className="px-2.5 py-1 text-sm text-ink-faint">
            {t(all.length === 0 ? 'chats.empty' : 'chats.noMatch')}
          </p>
        )}
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
