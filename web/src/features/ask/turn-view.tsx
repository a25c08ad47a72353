import { Pencil } from 'lucide-react';
import { memo, useState } from 'react';
import { Button, IconButton } from '../../components/button.tsx';
import { useTranslation } from '../../i18n/index.ts';
import { AnswerActions } from './answer-actions.tsx';
import { AnswerView } from './answer-view.tsx';
import { conversationStore } from './conversation-store.ts';
import type { Turn } from './conversation.ts';
import { ScopeNote } from './scope-note.tsx';

interface TurnViewProps {
  readonly conversationId: string;
  readonly turn: Turn;
  readonly openIndex: number | undefined;
  onOpen(turnId: string, index: number): void;
}

function EditQuestion({
  turn,
  onSave,
  onCancel,
}: {
  turn: Turn;
  onSave(text: string): void;
  onCancel(): void;
}) {
  const t = useTranslation();
  const [text, setText] = useState(turn.question);
  return (
    <form
      className="w-full rounded-lg border border-line-strong bg-surface p-3"
      onSubmit={(event) => {
        event.preventDefault();
        if (text.trim() !== '') onSave(text.trim());
      }}
    >
      <textarea
        // The person asked for it by pressing "edit".
        autoFocus
        aria-label={t('ask.edit')}
        value={text}
        rows={Math.min(8, text.split('\n').length + 1)}
        className="w-full resize-none bg-transparent px-1 outline-none"
        onChange={(event) => setText(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === 'Escape') onCancel();
        }}
      />
      <div className="mt-2 flex flex-wrap items-center justify-end gap-2">
        <p className="min-w-0 flex-1 basis-56 px-1 text-xs text-ink-soft">{t('ask.editNote')}</p>
        <Button look="ghost" onClick={onCancel}>
          {t('app.cancel')}
        </Button>
        <Button look="primary" type="submit" disabled={text.trim() === ''}>
          {t('ask.editSave')}
        </Button>
      </div>
    </form>
  );
}

/** A question and its answer. */
export const TurnView = memo(function TurnView({ conversationId, turn, openIndex, onOpen }: TurnViewProps) {
  const t = useTranslation();
  const [isEditing, setIsEditing] = useState(false);
  const { answer } = turn;
  const isRunning = answer.state === 'waiting' || answer.state === 'streaming';
  const askAgain = () => conversationStore.askAgain(conversationId, turn.id);
  return (
    <article data-turn={turn.id}>
      <div className="group flex items-start justify-end gap-1">
        <h2 className="sr-only">{t('ask.you')}</h2>
        {isEditing ? (
          <EditQuestion
            turn={turn}
            onCancel={() => setIsEditing(false)}
            onSave={(question) => {
              setIsEditing(false);
              conversationStore.askAgain(conversationId, turn.id, { question });
            }}
          />
        ) : (
          <>
            <span
              data-print="hide"
              className="opacity-0 transition-opacity group-focus-within:opacity-100 group-hover:opacity-100 [@media(hover:none)]:opacity-100"
            >
              <IconButton
                icon={Pencil}
                label={t('ask.edit')}
                isSmall
                className="mt-2"
                onClick={() => setIsEditing(true)}
              />
            </span>
            <p className="max-w-[85%] rounded-xl rounded-ee-sm bg-pressed px-4.5 py-2.5 whitespace-pre-wrap [overflow-wrap:anywhere]">
              {turn.question}
            </p>
          </>
        )}
      </div>
      <ScopeNote scope={turn.scope} />
      <div className="mt-6">
        <h2 className="sr-only">{t('ask.answer')}</h2>
        <AnswerView
          answer={answer}
          openIndex={openIndex}
          onOpen={(index) => onOpen(turn.id, index)}
          onRetry={askAgain}
        />
        {!isRunning && answer.id !== undefined && (
          <AnswerActions
            answer={answer}
            onRate={(rating) => conversationStore.rate(conversationId, turn.id, rating)}
            onRegenerate={askAgain}
          />
        )}
        <p role="status" className="sr-only">
          {answer.state === 'done' && t('ask.arrived')}
        </p>
      </div>
    </article>
  );
});
