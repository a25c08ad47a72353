import { lazy, Suspense, useState } from 'react';
import type { PassageResponse } from '#wire/hradlo/index.ts';
import { Skeleton } from '../../components/states.tsx';
import { Tabs } from '../../components/tabs.tsx';
import { useTranslation } from '../../i18n/index.ts';
import { PassageText } from './passage-text.tsx';
import type { Range } from './passage.ts';

const OriginalView = lazy(async () => ({ default: (await import('./original-view.tsx')).OriginalView }));

/** Whether a version's own file can be drawn here, page by page. */
export const hasPages = ({ mediaType }: Pick<PassageResponse, 'mediaType'>) =>
  mediaType === 'application/pdf';

/** A cited place: on the page itself where the file has pages, and in its text. */
export function SourceView({ passage, cited }: { passage: PassageResponse; cited: Range }) {
  const t = useTranslation();
  const [view, setView] = useState<'page' | 'text'>('page');
  if (!hasPages(passage)) {
    return (
      <div className="mt-3">
        <PassageText passage={passage} cited={cited} />
      </div>
    );
  }
  return (
    <Tabs<'page' | 'text'>
      label={t('evidence.view')}
      tabs={[
        { id: 'page', title: t('evidence.asPage') },
        { id: 'text', title: t('evidence.asText') },
      ]}
      chosen={view}
      onChoose={setView}
    >
      {view === 'page' ? (
        <Suspense fallback={<Skeleton lines={12} />}>
          <OriginalView versionId={passage.versionId} cited={cited} />
        </Suspense>
      ) : (
        <PassageText passage={passage} cited={cited} />
      )}
    </Tabs>
  );
}
