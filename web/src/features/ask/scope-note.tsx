import { useQuery } from '@tanstack/react-query';
import { collectionsQuery } from '../../api/documents.ts';
import { formatDate } from '../../i18n/format.ts';
import { useLanguage, useTranslation } from '../../i18n/index.ts';
import type { Scope } from './conversation.ts';

/** Under a question: where it looked and for which day, if it was not everywhere and today. */
export function ScopeNote({ scope }: { scope: Scope }) {
  const t = useTranslation();
  const language = useLanguage();
  const { data: collections = [] } = useQuery(collectionsQuery);
  const titles = scope.collections.map(
    (name) => collections.find((collection) => collection.name === name)?.title ?? name,
  );
  const date = scope.asOf && t('ask.asOfDate', { date: formatDate(scope.asOf, language) });
  const parts = [...titles, ...(date ? [date] : [])];
  if (parts.length === 0) return null;
  return <p className="mt-1.5 text-end text-xs text-ink-soft">{parts.join(' · ')}</p>;
}
