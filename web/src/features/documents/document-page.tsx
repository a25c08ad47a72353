import { useQuery } from '@tanstack/react-query';
import { Link, useParams, useSearch } from '@tanstack/react-router';
import { ChevronRight, Download } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
import type { PassageResponse } from '#wire/hradlo/index.ts';
import { PageHeader } from '../../app/page-header.tsx';
import { collectionsQuery, passageQuery } from '../../api/documents.ts';
import { documentQuery, originalPath } from '../../api/versions.ts';
import { useMay } from '../../api/session.ts';
import { Failure, Skeleton } from '../../components/states.tsx';
import { Tabs } from '../../components/tabs.tsx';
import { formatDate, formatNumber } from '../../i18n/format.ts';
import { useLanguage, useTranslation, withTexts } from '../../i18n/index.ts';
import { WholeText } from '../evidence/passage-text.tsx';
import type { Range } from '../evidence/passage.ts';
import { hasPages } from '../evidence/source-view.tsx';
import { Versions } from './versions.tsx';

const OriginalView = lazy(async () => ({
  default: (await import('../evidence/original-view.tsx')).OriginalView,
}));

const loadAccess = withTexts('administration', () => import('./document-access.tsx'));
const DocumentAccess = lazy(async () => ({ default: (await loadAccess()).DocumentAccess }));

type View = 'original' | 'text' | 'structure' | 'chunks' | 'versions' | 'access';

/** Headings in their order, each once, with their depth from 0 and where their text begins. */
function outlineOf(
  passage: PassageResponse,
): { path: string; heading: string; depth: number; start: number }[] {
  const seen = new Set<string>();
  return passage.chunks.flatMap(({ headingPath, start }) =>
    headingPath.flatMap((heading, depth) => {
      const path = headingPath.slice(0, depth + 1).join(' › ');
      if (seen.has(path)) return [];
      seen.add(path);
      return [{ path, heading, depth, start }];
    }),
  );
}

function Outline({ passage, onOpen }: { passage: PassageResponse; onOpen(start: number): void }) {
  const t = useTranslation();
  const outline = outlineOf(passage);
  if (outline.length === 0) return <p className="text-ink-soft">{t('documents.noHeadings')}</p>;
  return (
    <ol className="-ms-2.5">
      {outline.map(({ path, heading, depth, start }) => (
        <li key={path}>
          <button
            type="button"
            className="press min-h-9 rounded-md px-2.5 text-start"
            style={{ marginInlineStart: `${depth * 1.25}rem` }}
            onClick={() => onOpen(start)}
          >
            {heading}
          </button>
        </li>
      ))}
    </ol>
  );
}

function Chunks({ passage }: { passage: PassageResponse }) {
  const t = useTranslation();
  const language = useLanguage();
  return (
    <ol className="space-y-3">
      {passage.chunks.map((chunk, index) => (
        <li
          key={chunk.start}
          className="rounded-lg border border-line bg-surface p-4 [contain-intrinsic-size:auto_8rem] [content-visibility:auto]"
        >
          <p className="mb-2 flex flex-wrap justify-between gap-x-4 text-xs text-ink-soft">
            <span className="font-semibold">{t('documents.chunk', { number: index + 1 })}</span>
            <span className="min-w-0 flex-1 truncate">{chunk.headingPath.join(' › ')}</span>
            <span className="tabular-nums">
              {formatNumber(chunk.start, language)}–{formatNumber(chunk.end, language)}
            </span>
            <span>{t('documents.characters', { count: chunk.end - chunk.start })}</span>
          </p>
          <p className="text-sm whitespace-pre-wrap">{chunk.text.trim()}</p>
        </li>
      ))}
    </ol>
  );
}

interface DocumentViewProps {
  readonly passage: PassageResponse;
  readonly cited: Range | undefined;
}

function DocumentView({ passage, cited }: DocumentViewProps) {
  const t = useTranslation();
  const isPaged = hasPages(passage);
  const [view, setView] = useState<View>(isPaged ? 'original' : 'text');
  const mayExplain = useMay('rights.explain');
  const [jump, setJump] = useState<number>();
  const { data: document } = useQuery(documentQuery(passage.documentId));
  const views: readonly View[] = [
    ...(isPaged ? (['original'] as const) : []),
    'text',
    'structure',
    'chunks',
    'versions',
    ...(mayExplain ? (['access'] as const) : []),
  ];
  return (
    <Tabs<View>
      label={t('documents.view')}
      tabs={views.map((id) => ({ id, title: t(`documents.${id}`) }))}
      chosen={view}
      onChoose={setView}
    >
      {view === 'original' && (
        <Suspense fallback={<Skeleton lines={12} />}>
          <OriginalView versionId={passage.versionId} cited={cited} />
        </Suspense>
      )}
      {view === 'text' && <WholeText passage={passage} cited={cited} jumpTo={jump} heading="h2" />}
      {view === 'structure' && (
        <Outline
          passage={passage}
          onOpen={(start) => {
            setJump(start);
            setView('text');
          }}
        />
      )}
      {view === 'chunks' && <Chunks passage={passage} />}
      {view === 'access' && (
        <Suspense fallback={<Skeleton lines={4} />}>
          <DocumentAccess documentId={passage.documentId} />
        </Suspense>
      )}
      {view === 'versions' &&
        (document === undefined ? (
          <Skeleton lines={3} />
        ) : (
          <Versions
            key={passage.versionId}
            documentId={document.id}
            versions={document.versions}
            openId={passage.versionId}
          />
        ))}
    </Tabs>
  );
}

/** The way back: all documents, and the collection that this one is in. */
function Path({ documentId }: { documentId: string | undefined }) {
  const t = useTranslation();
  const { data: collections } = useQuery(collectionsQuery);
  const { data: document } = useQuery({
    ...documentQuery(documentId ?? ''),
    enabled: documentId !== undefined,
  });
  const collection = collections?.find(({ id }) => id === document?.collectionId);
  return (
    <nav aria-label={t('documents.path')} className="flex min-w-0 items-center gap-1.5 text-ink-soft">
      <Link to="/documents" className="shrink-0 rounded-sm hover:text-ink">
        {t('documents.title')}
      </Link>
      {collection && (
        <>
          <ChevronRight aria-hidden className="size-3.5 shrink-0 text-ink-faint" />
          <Link
            to="/documents/$collectionId"
            params={{ collectionId: collection.id }}
            className="truncate rounded-sm hover:text-ink"
          >
            {collection.title}
          </Link>
        </>
      )}
    </nav>
  );
}

/** A version of a document: the file itself, its text with the cited place, its outline, chunks and versions. */
export function DocumentPage() {
  const t = useTranslation();
  const language = useLanguage();
  const { versionId } = useParams({ from: '/evidence/$versionId' });
  const { from, to } = useSearch({ from: '/evidence/$versionId' });
  const passage = useQuery(passageQuery(versionId));
  const cited = from === undefined || to === undefined ? undefined : { start: from, end: to };
  return (
    <div className="flex h-full flex-col">
      <PageHeader title={<Path documentId={passage.data?.documentId} />} />
      <div className="min-h-0 flex-1 overflow-y-auto px-4 pb-16 sm:px-8">
        <div className="mx-auto max-w-192">
          {passage.isPending && <Skeleton lines={9} />}
          {passage.isError && (
            <Failure
              title={t('evidence.failed')}
              error={passage.error}
              onRetry={() => void passage.refetch()}
            />
          )}
          {passage.data && (
            <>
              <div className="flex flex-wrap items-start gap-3">
                <div className="min-w-0 flex-1 basis-64">
                  <h1 className="text-xl font-semibold [overflow-wrap:anywhere]">{passage.data.title}</h1>
                  <p className="mt-1 text-sm text-ink-soft">
                    {t('evidence.validFrom', { date: formatDate(passage.data.validFrom, language) })}
                  </p>
                </div>
                <a
                  href={originalPath(versionId)}
                  className="press inline-flex min-h-9 items-center gap-2 rounded-md border border-line-strong/70 bg-surface px-3.5 text-sm font-medium"
                >
                  <Download aria-hidden className="size-4" />
                  {t('documents.save')}
                </a>
              </div>
              <DocumentView key={versionId} passage={passage.data} cited={cited} />
            </>
          )}
        </div>
      </div>
    </div>
  );
}
