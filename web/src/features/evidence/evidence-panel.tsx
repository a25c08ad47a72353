import { useEffect, useSyncExternalStore } from 'react';
import type { AskCitation } from '#wire/hradlo/index.ts';
import { Dialog } from '../../components/dialog.tsx';
import { useTranslation } from '../../i18n/index.ts';
import { EvidenceView } from './evidence-view.tsx';

const WIDE = window.matchMedia('(min-width: 72rem)');

function subscribe(listener: () => void): () => void {
  WIDE.addEventListener('change', listener);
  return () => WIDE.removeEventListener('change', listener);
}

interface EvidencePanelProps {
  readonly citations: readonly AskCitation[];
  readonly index: number;
  onShow(index: number | undefined): void;
}

/** The open source: beside the conversation where there is room, over it where there is not. */
export function EvidencePanel({ citations, index, onShow }: EvidencePanelProps) {
  const t = useTranslation();
  const isWide = useSyncExternalStore(subscribe, () => WIDE.matches);
  const at = citations.findIndex((citation) => citation.index === index);
  const citation = citations[at];
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key === 'Escape' && !event.defaultPrevented && isWide) onShow(undefined);
      if (!event.altKey || (event.key !== 'ArrowUp' && event.key !== 'ArrowDown')) return;
      event.preventDefault();
      const next = citations[at + (event.key === 'ArrowDown' ? 1 : -1)];
      if (next) onShow(next.index);
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [at, citations, isWide, onShow]);
  if (citation === undefined) return null;
  const view = (
    <EvidenceView
      key={citation.index}
      citation={citation}
      count={citations.length}
      at={at}
      onMove={(by) => onShow(citations[at + by]?.index ?? index)}
      onClose={() => onShow(undefined)}
    />
  );
  if (isWide) {
    return (
      <aside
        aria-label={t('evidence.title')}
        data-print="hide"
        className="h-full w-[46%] max-w-3xl min-w-100 shrink-0 border-s border-line bg-surface"
      >
        {view}
      </aside>
    );
  }
  return (
    <Dialog
      isTitleHidden
      title={t('evidence.title')}
      onClose={() => onShow(undefined)}
      className="h-dvh! max-h-none! w-full! max-w-3xl! overflow-hidden! rounded-none! bg-surface!"
    >
      {view}
    </Dialog>
  );
}
