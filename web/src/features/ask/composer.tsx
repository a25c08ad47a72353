import { ArrowUp, Square } from 'lucide-react';
import { useEffect, useState, type FormEvent, type KeyboardEvent } from 'react';
import { QUESTION_FIELD } from '../../app/use-shortcuts.ts';
import { useTranslation } from '../../i18n/index.ts';
import type { Scope } from './conversation.ts';
import { loadConversationPage } from './load-conversation-page.ts';
import { ScopeChips } from './scope-chips.tsx';

const MOST_ROWS = 8;

/** A draft survives leaving the page and a lost session; it ends with the tab. */
const draftKey = (place: string) => `hradlo.draft.${place}`;

interface ComposerProps {
  /** What the draft belongs to: a conversation's id, or `new`. */
  readonly place: string;
  readonly scope: Scope;
  readonly isRunning: boolean;
  readonly isFollowUp: boolean;
  onScope(scope: Scope): void;
  onAsk(question: string): void;
  onStop(): void;
}

/** The field for the question, and what the question is about. */
export function Composer(props: ComposerProps) {
  const { place, scope, isRunning, isFollowUp, onScope, onAsk, onStop } = props;
  const t = useTranslation();
  const [text, setText] = useState(() => sessionStorage.getItem(draftKey(place)) ?? '');
  useEffect(() => {
    if (text === '') sessionStorage.removeItem(draftKey(place));
    else sessionStorage.setItem(draftKey(place), text);
  }, [place, text]);
  const submit = () => {
    const question = text.trim();
    if (question === '' || isRunning) return;
    setText('');
    // The page may change with the answer, before the effect above runs.
    sessionStorage.removeItem(draftKey(place));
    onAsk(question);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    if (event.key === 'Enter' && !event.shiftKey) {
      event.preventDefault();
      submit();
    } else if (event.key === 'Escape' && isRunning) onStop();
  };
  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    submit();
  };
  return (
    <form
      onSubmit={onSubmit}
      data-print="hide"
      className="rounded-xl border border-line-strong/60 bg-surface p-2 shadow-low transition-[border-color,box-shadow] focus-within:border-accent focus-within:shadow-float"
    >
      <label htmlFor={QUESTION_FIELD} className="sr-only">
        {t('ask.label')}
      </label>
      <textarea
        id={QUESTION_FIELD}
        autoFocus
        value={text}
        rows={Math.min(MOST_ROWS, text.split('\n').length)}
        placeholder={t(isFollowUp ? 'ask.placeholderMore' : 'ask.placeholder')}
        className="field-sizing-content max-h-56 min-h-11 w-full resize-none bg-transparent px-3 py-2 text-read outline-none"
        onChange={(event) => {
          void loadConversationPage();
          setText(event.target.value);
        }}
        onKeyDown={onKeyDown}
      />
      <div className="flex items-end gap-2">
        <ScopeChips scope={scope} onChange={onScope} />
        {isRunning ? (
          <button
            type="button"
            aria-label={t('ask.stop')}
            title={t('ask.stop')}
            onClick={onStop}
            className="inline-flex size-10 shrink-0 items-center justify-center rounded-full bg-ink text-canvas"
          >
            <Square aria-hidden className="size-4 fill-current" />
          </button>
        ) : (
          <button
            type="submit"
            aria-label={t('ask.send')}
            title={t('ask.send')}
            disabled={text.trim() === ''}
            className="inline-flex size-10 shrink-0 items-center justify-center rounded-full bg-accent text-on-accent transition-colors enabled:hover:bg-accent-hover disabled:bg-pressed disabled:text-ink-faint"
          >
            <ArrowUp aria-hidden className="size-5" />
          </button>
        )}
      </div>
    </form>
  );
}
