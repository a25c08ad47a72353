import { TriangleAlert } from 'lucide-react';
import { useTranslation } from '../../i18n/index.ts';
import { doubtfulSentences, type Answer, type DoubtfulSentence } from './answer.ts';

function Sentence({ sentence: { text, isCited, lacking } }: { sentence: DoubtfulSentence }) {
  const t = useTranslation();
  return (
    <li>
      <span className="text-ink">{text}</span>{' '}
      <span>
        {t(isCited ? 'ask.notCarried' : 'ask.notCited')}
        {lacking.length > 0 && ` ${t('ask.lacking', { what: lacking.join(', ') })}`}
      </span>
    </li>
  );
}

/** Marks the sentences of a written answer that its sources do not carry. */
export function Doubtful({ answer }: { answer: Answer }) {
  const t = useTranslation();
  const sentences = doubtfulSentences(answer);
  if (sentences.length === 0) return null;
  return (
    <section
      className="mt-3 rounded-md bg-warn-soft px-3.5 py-2 text-sm text-warn"
      aria-label={t('ask.doubtful')}
    >
      <p className="flex items-center gap-2 font-semibold">
        <TriangleAlert aria-hidden className="size-4 shrink-0" />
        {t('ask.doubtful')}
      </p>
      <ul className="mt-1 list-disc ps-6">
        {sentences.map((sentence, at) => (
          // A sentence may come twice: it has no identity but its place.
          // oxlint-disable-next-line react/no-array-index-key
          <Sentence key={at} sentence={sentence} />
        ))}
      </ul>
    </section>
  );
}
