import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useParams } from '@tanstack/react-router';
import { FolderOpen, FolderPlus, Inbox, Library, Search } from 'lucide-react';
import { lazy, Suspense, useDeferredValue, useState } from 'react';
import { PageHeader } from '../../app/page-header.tsx';
import { collectionsQuery, documentsQuery, type Collection } from '../../api/documents.ts';
import { useMay } from '../../api/session.ts';
import { Button } from '../../components/button.tsx';
import { Empty, Failure, Skeleton } from '../../components/states.tsx';
import { useTranslation } from '../../i18n/index.ts';
import { DocumentTable } from './document-table.tsx';
import { Upload } from './upload.tsx';
import { useMatching } from './use-matching.ts';

const NewCollection = lazy(async () => ({
  default: (await import('./new-collection.tsx')).NewCollection,
}));

/** Every collection that the reader may read. */
export function DocumentsPage() {
  const t = useTranslation();
  const collections = useQuery(collectionsQuery);
  return (
    <div className="flex h-full flex-col">
      <PageHeader title="" />
      <div className="min-h-0 flex-1 overflow-y-auto px-4 pb-10 sm:px-8">
        <div className="mx-auto max-w-240">
          <div className="mb-6 flex flex-wrap items-start gap-3">
            <div className="min-w-0 flex-1 basis-64">
              <h1 className="text-xl font-semibold">{t('documents.title')}</h1>
              <p className="mt-1 text-ink-soft">{t('documents.subtitle')}</p>
            </div>
            <CollectionActions />
          </div>
          {collections.isPending && <Skeleton lines={5} />}
          {collections.isError && (
            <Failure
              title={t('documents.failed')}
              error={collections.error}
              onRetry={() => void collections.refetch()}
            />
          )}
          {collections.data?.length === 0 && (
            <Empty
              icon={Library}
              title={t('documents.noCollections')}
              hint={t('documents.noCollectionsHint')}
            />
          )}
          <ul className="grid gap-3 sm:grid-cols-2 lg:grid-cols-3">
            {collections.data?.map((collection) => (
              <li key={collection.id} className="flex">
                <CollectionCard collection={collection} />
              </li>
            ))}
          </ul>
        </div>
      </div>
    </div>
  );
}

/** What can be done beside reading, by those who may. */
function CollectionActions() {
  const t = useTranslation();
  const navigate = useNavigate();
  const mayWrite = useMay('documents.write');
  const mayCreate = useMay('rights.manage');
  const [isCreating, setIsCreating] = useState(false);
  return (
    <div className="flex flex-wrap gap-2">
      {mayWrite && (
        <Button icon={Inbox} onClick={() => void navigate({ to: '/notes' })}>
          {t('notes.title')}
        </Button>
      )}
      {mayCreate && (
        <Button icon={FolderPlus} onClick={() => setIsCreating(true)}>
          {t('documents.newCollection')}
        </Button>
      )}
      {isCreating && (
        <Suspense>
          <NewCollection
            onClose={() => setIsCreating(false)}
            onMade={(collectionId) =>
              void navigate({ to: '/documents/$collectionId', params: { collectionId } })
            }
          />
        </Suspense>
      )}
    </div>
  );
}

function CollectionCard({ collection }: { collection: Collection }) {
  const t = useTranslation();
  return (
    <Link
      to="/documents/$collectionId"
      params={{ collectionId: collection.id }}
      className="flex w-full items-start gap-3.5 rounded-lg border border-line bg-surface p-4 transition-colors hover:border-line-strong"
    >
      <FolderOpen aria-hidden className="mt-0.5 size-5 shrink-0 text-accent" />
      <span className="min-w-0">
        <span className="block font-medium [overflow-wrap:anywhere]">{collection.title}</span>
        <span className="mt-0.5 block min-h-5 text-xs text-ink-soft">
          {t('documents.count', { count: collection.documentCount })}
        </span>
      </span>
    </Link>
  );
}

/** One collection: its documents, searched as one types. */
export function CollectionPage() {
  const t = useTranslation();
  const navigate = useNavigate();
  const { collectionId } = useParams({ from: '/documents/$collectionId' });
  const { data: collections } = useQuery(collectionsQuery);
  const documents = useQuery(documentsQuery(collectionId));
  const [query, setQuery] = useState('');
  const found = useMatching(documents.data, useDeferredValue(query));
  const collection = collections?.find((candidate) => candidate.id === collectionId);
  return (
    <div className="flex h-full flex-col">
      <PageHeader
        title={
          <Link to="/documents" className="text-ink-soft hover:text-ink">
            {t('documents.title')}
          </Link>
        }
      />
      <div className="mx-auto flex min-h-0 w-full max-w-240 flex-1 flex-col px-4 sm:px-8">
        <div className="flex flex-wrap items-end gap-x-4 gap-y-3 pb-4">
          <div className="min-w-0 flex-1 basis-64">
            <h1 className="min-h-7.5 text-xl font-semibold [overflow-wrap:anywhere]">{collection?.title}</h1>
            <p className="mt-1 min-h-5.75 text-ink-soft">
              {documents.data && t('documents.count', { count: found.length })}
            </p>
          </div>
          <label className="flex h-10 min-w-0 flex-1 basis-56 items-center gap-2 rounded-md border border-line-strong bg-surface px-3 focus-within:border-accent sm:max-w-80">
            <Search aria-hidden className="size-4 shrink-0 text-ink-faint" />
            <input
              type="search"
              aria-label={t('documents.filter')}
              placeholder={t('documents.filter')}
              value={query}
              className="min-w-0 flex-1 bg-transparent text-sm outline-none"
              onChange={(event) => setQuery(event.target.value)}
            />
          </label>
          {collection && (
            <Button
              className="min-h-10"
              onClick={() => void navigate({ to: '/', search: { collection: collection.name } })}
            >
              {t('documents.askAbout')}
            </Button>
          )}
        </div>
        {collection && <Upload key={collection.id} collection={collection} />}
        {documents.isPending && <Skeleton lines={7} />}
        {documents.isError && (
          <Failure
            title={t('documents.failed')}
            error={documents.error}
            onRetry={() => void documents.refetch()}
          />
        )}
        {documents.data && <DocumentTable documents={found} isFiltered={query.trim() !== ''} />}
      </div>
    </div>
  );
}
