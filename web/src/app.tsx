import { useRef, useState, type FormEvent } from 'react';
import { ask, EMPTY, type Answer, type Source } from './ask.ts';
import { Passage } from './passage.tsx';

const EXAMPLES = [
  'Jaká je výpovědní lhůta?',
  'Jak dlouho trvá zkušební doba?',
  'Kolik týdnů dovolené mám za rok?',
];
const BUTTON =
  'rounded-lg bg-emerald-800 px-4 py-2 text-white enabled:hover:bg-emerald-700 disabled:opacity-50';

/** The text with its `[n]` as links to their sources. */
function CitedText({ answer, onOpen }: { answer: Answer; onOpen(source: Source): void }) {
  const parts = answer.text.split(/(\[\d+\])/);
  return (
    <p className="whitespace-pre-wrap text-lg leading-relaxed">
      {parts.map((part, at) => {
        const source = answer.sources.find((candidate) => `[${candidate.index}]` === part);
        if (source === undefined) return part;
        return (
          // The same marker may stand twice: its place is what tells them apart.
          // oxlint-disable-next-line react/no-array-index-key
          <button key={at} type="button" className="underline" onClick={() => onOpen(source)}>
            {part}
          </button>
        );
      })}
    </p>
  );
}

function Sources({ answer, onOpen }: { answer: Answer; onOpen(source: Source): void }) {
  return (
    <ol className="mt-4 space-y-1 text-sm" aria-label="Zdroje">
      {answer.sources.map((source) => (
        <li key={source.index}>
          <button type="button" className="text-left underline" onClick={() => onOpen(source)}>
            [{source.index}] {source.headingPath.join(' › ')}
          </button>
        </li>
      ))}
      {answer.nearby.map((place) => (
        <li key={place}>Blízko: {place}</li>
      ))}
    </ol>
  );
}

/** The page: asks, streams, cites, and opens the paragraph that a citation points to. */
export function App() {
  const [question, setQuestion] = useState('');
  const [answer, setAnswer] = useState<Answer>();
  const [opened, setOpened] = useState<Source>();
  const running = useRef<AbortController>(undefined);

  async function submit(text: string) {
    running.current?.abort();
    const controller = new AbortController();
    running.current = controller;
    setOpened(undefined);
    setAnswer(EMPTY);
    try {
      for await (const next of ask(text, controller.signal)) setAnswer(next);
    } catch (error) {
      if (controller.signal.aborted) return;
      const reason = error instanceof Error ? error.message : String(error);
      setAnswer({ ...EMPTY, text: `Server neodpověděl (${reason}). Zkuste to znovu.`, state: 'failed' });
    }
  }
  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    void submit(question);
  };
  return (
    <main className="mx-auto max-w-3xl px-4 py-12">
      <h1 className="text-2xl font-semibold">Hradlo</h1>
      <p className="mt-1 mb-8 opacity-70">
        Zeptejte se svých dokumentů. Odpověď je doslova z nich, s odkazem na místo.
      </p>
      <form onSubmit={onSubmit} className="flex gap-2">
        <label htmlFor="question" className="sr-only">
          Otázka
        </label>
        <input
          id="question"
          value={question}
          onChange={(event) => setQuestion(event.target.value)}
          placeholder="Na co se chcete zeptat?"
          className="min-w-0 flex-1 rounded-lg border border-current/30 bg-transparent px-3 py-2 text-lg"
        />
        <button type="submit" disabled={question.trim() === ''} className={BUTTON}>
          Zeptat se
        </button>
      </form>
      {answer === undefined && (
        <ul className="mt-4 flex flex-wrap gap-2 text-sm">
          {EXAMPLES.map((example) => (
            <li key={example}>
              <button
                type="button"
                className="rounded-full border border-current/30 px-3 py-1"
                onClick={() => {
                  setQuestion(example);
                  void submit(example);
                }}
              >
                {example}
              </button>
            </li>
          ))}
        </ul>
      )}
      <section aria-live="polite" aria-busy={answer?.state === 'streaming'} className="mt-8">
        {answer !== undefined && (
          <>
            <CitedText answer={answer} onOpen={setOpened} />
            <Sources answer={answer} onOpen={setOpened} />
          </>
        )}
      </section>
      {opened !== undefined && (
        <Passage key={opened.url} source={opened} onClose={() => setOpened(undefined)} />
      )}
    </main>
  );
}
