import { useNavigate } from '@tanstack/react-router';
import { MessageSquareOff } from 'lucide-react';
import { useCallback, useEffect, useRef, useState } from 'react';
import { PageHeader } from '../../app/page-header.tsx';
import type { ApiError } from '../../api/errors.ts';
import { Button } from '../../components/button.tsx';
import { Empty, Failure, Skeleton } from '../../components/states.tsx';
import { useTranslation } from '../../i18n/index.ts';
import { EvidencePanel } from '../evidence/evidence-panel.tsx';
import { Composer } from './composer.tsx';
import { conversationStore } from './conversation-store.ts';
import { EVERYTHING, isAnswering, type Conversation } from './conversation.ts';
import { TurnView } from './turn-view.tsx';
import { useConversations, useOpenConversation } from './use-conversations.ts';

/** An open source: the turn's place in the conversation, from 1, and the citation's number: `2.1`. */
export interface OpenSource {
  readonly turn: number;
  readonly index: number;
}

interface ConversationPageProps {
  readonly conversationId: string;
  readonly source: OpenSource | undefined;
}

function Missing({ id, error }: { id: string; error: ApiError | undefined }) {
  const t = useTranslation();
  const navigate = useNavigate();
  if (error === undefined) return <Skeleton lines={4} className="mx-auto mt-24 w-full max-w-176 px-4" />;
  if (error.code !== 'conversation.not_found') {
    return (
      <div className="mx-auto mt-12 w-full max-w-176 px-4">
        <Failure
          title={t('chats.openFailed')}
          error={error}
          onRetry={() => void conversationStore.read(id)}
        />
      </div>
    );
  }
  return (
    <Empty isPage icon={MessageSquareOff} title={t('chats.notFound')} hint={t('chats.notFoundHint')}>
      <Button look="primary" onClick={() => void navigate({ to: '/' })}>
        {t('ask.new')}
      </Button>
    </Empty>
  );
}

/** Turns in their order; a new one is brought to the top, and then nothing moves by itself. */
function Turns({ conversation, source }: { conversation: Conversation; source: OpenSource | undefined }) {
  const navigate = useNavigate();
  const end = useRef<HTMLLIElement>(null);
  const lastId = conversation.turns.at(-1)?.id;
  const { id, turns } = conversation;
  const places = turns.map((turn) => turn.id).join(' ');
  useEffect(() => {
    end.current?.scrollIntoView({ block: 'start' });
  }, [lastId]);
  const open = useCallback(
    (turnId: string, index: number) => {
      const s = `${places.split(' ').indexOf(turnId) + 1}.${index}`;
      void navigate({ to: '/c/$conversationId', params: { conversationId: id }, search: { s } });
    },
    [id, navigate, places],
  );
  return (
    <ol className="mx-auto w-full max-w-176 px-4 pt-2 pb-8">
      {turns.map((turn, at) => {
        const isLast = at === turns.length - 1;
        return (
          <li
            key={turn.id}
            ref={isLast ? end : undefined}
            className={isLast && at > 0 ? 'min-h-[calc(100cqh-3rem)] scroll-mt-2' : 'mb-12'}
          >
            <TurnView
              conversationId={id}
              turn={turn}
              openIndex={source?.turn === at + 1 ? source.index : undefined}
              onOpen={open}
            />
          </li>
        );
      })}
    </ol>
  );
}

/** The turns, and the field for the next question. */
function Talk({ conversation, source }: { conversation: Conversation; source: OpenSource | undefined }) {
  const { id } = conversation;
  const last = conversation.turns.at(-1);
  const [scope, setScope] = useState(last?.scope ?? EVERYTHING);
  const isRunning = isAnswering(conversation);
  return (
    <>
      <div className="[container-type:size] min-h-0 flex-1 overflow-y-auto">
        <Turns conversation={conversation} source={source} />
      </div>
      <div className="mx-auto w-full max-w-182 shrink-0 px-3 pb-3 sm:pb-5">
        <Composer
          place={id}
          scope={scope}
          isRunning={isRunning}
          isFollowUp
          onScope={setScope}
          onAsk={(question) => conversationStore.ask(question, scope, id)}
          onStop={() => conversationStore.stop(id)}
        />
      </div>
    </>
  );
}

/** A conversation, and beside it the source that is open. */
export function ConversationPage({ conversationId, source }: ConversationPageProps) {
  const navigate = useNavigate();
  const { conversations, failures } = useConversations();
  const conversation = conversations.get(conversationId);
  useOpenConversation(conversationId);
  const citations = source && conversation?.turns[source.turn - 1]?.answer.citations;
  const show = (index: number | undefined) => {
    const s = index === undefined || source === undefined ? undefined : `${source.turn}.${index}`;
    void navigate({
      to: '/c/$conversationId',
      params: { conversationId },
      search: s === undefined ? {} : { s },
      replace: s !== undefined,
    });
  };
  return (
    <div className="flex h-full">
      <section className="flex h-full min-w-0 flex-1 flex-col">
        <PageHeader title={conversation && <h1 className="truncate">{conversation.title}</h1>} />
        {conversation?.isWhole === true ? (
          <Talk key={conversationId} conversation={conversation} source={source} />
        ) : (
          <Missing id={conversationId} error={failures.get(conversationId)} />
        )}
      </section>
      {source !== undefined && citations !== undefined && (
        <EvidencePanel citations={citations} index={source.index} onShow={show} />
      )}
    </div>
  );
}
