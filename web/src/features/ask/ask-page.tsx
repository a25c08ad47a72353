import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { PageHeader } from '../../app/page-header.tsx';
import { collectionsQuery } from '../../api/documents.ts';
import { useLanguage, useTranslation, type Language } from '../../i18n/index.ts';
import { Composer } from './composer.tsx';
import { conversationStore } from './conversation-store.ts';
import { EVERYTHING, type Scope } from './conversation.ts';
import { loadConversationPage } from './load-conversation-page.ts';

const AHEAD_MS = 4_000;

/** The collection of samples that the product brings, and questions that it answers. */
const SAMPLES = 'ukazka';
const EXAMPLES: Readonly<Record<Language, readonly string[]>> = {
  cs: ['Jaká je výpovědní lhůta?', 'Jak dlouho trvá zkušební doba?', 'Kolik týdnů dovolené mám za rok?'],
  en: [
    'Where may customer data be stored?',
    'Who can grant an exception from the security guide?',
    'How do we treat a document that has no classification label?',
  ],
};

/** A new question: nothing but the field, and a few questions to start with. */
export function AskPage({ collection }: { collection: string | undefined }) {
  const t = useTranslation();
  const language = useLanguage();
  const navigate = useNavigate();
  const { data: collections } = useQuery(collectionsQuery);
  const [scope, setScope] = useState<Scope>({
    ...EVERYTHING,
    collections: collection === undefined ? [] : [collection],
  });
  useEffect(() => {
    // Whoever opens a conversation after a while does not wait for its page.
    const timer = setTimeout(() => void loadConversationPage(), AHEAD_MS);
    return () => clearTimeout(timer);
  }, []);
  const hasSamples = collections?.some(({ name }) => name === SAMPLES) ?? false;
  const ask = (question: string) => {
    const conversationId = conversationStore.ask(question, scope);
    void navigate({ to: '/c/$conversationId', params: { conversationId } });
  };
  return (
    <div className="flex h-full flex-col">
      <PageHeader title="" />
      <div className="flex min-h-0 flex-1 flex-col overflow-y-auto px-4 pb-6">
        <div className="mx-auto my-auto w-full max-w-176 pb-[8vh]">
          <h1 className="text-2xl font-semibold tracking-tight text-balance">{t('ask.title')}</h1>
          <p className="mt-2 mb-7 text-read text-ink-soft">{t('ask.subtitle')}</p>
          <Composer
            place="new"
            scope={scope}
            isRunning={false}
            isFollowUp={false}
            onScope={setScope}
            onAsk={ask}
            onStop={() => undefined}
          />
          {/* Its height is kept while it is not known whether there are samples: nothing jumps. */}
          <div className="mt-6 min-h-32">
            {hasSamples && (
              <>
                <h2 className="mb-2 px-1 text-xs font-semibold text-ink-soft">{t('ask.examples')}</h2>
                <ul className="flex flex-wrap gap-2">
                  {EXAMPLES[language].map((example) => (
                    <li key={example}>
                      <button
                        type="button"
                        onClick={() => ask(example)}
                        className="press rounded-full border border-line bg-surface px-4 py-2 text-sm transition-colors hover:border-line-strong"
                      >
                        {example}
                      </button>
                    </li>
                  ))}
                </ul>
              </>
            )}
          </div>
        </div>
        <p className="text-center text-xs text-ink-faint">{t('ask.privacy')}</p>
      </div>
    </div>
  );
}
