import { useEffect, useRef, useState } from 'react';
import { PassageResponse } from '#wire/hradlo/index.ts';
import type { Source } from './ask.ts';

interface Place {
  readonly versionId: string;
  readonly from: number;
  readonly to: number;
}

function placeOf(url: string): Place {
  const parsed = new URL(url, window.location.origin);
  return {
    versionId: parsed.pathname.split('/').at(-1) ?? '',
    from: Number(parsed.searchParams.get('from')),
    to: Number(parsed.searchParams.get('to')),
  };
}

async function load(place: Place): Promise<PassageResponse> {
  const response = await fetch(`/hradlo/v1/versions/${encodeURIComponent(place.versionId)}/passage`);
  if (!response.ok) throw new Error(String(response.status));
  return PassageResponse.parse(await response.json());
}

function Marked({ text, start, place }: { text: string; start: number; place: Place }) {
  const from = Math.max(0, place.from - start);
  const to = Math.min(text.length, place.to - start);
  if (to <= from) return <>{text}</>;
  return (
    <>
      {text.slice(0, from)}
      <mark className="rounded bg-amber-200 text-black">{text.slice(from, to)}</mark>
      {text.slice(to)}
    </>
  );
}

/** The paragraph that a citation points to, with the cited span marked, among its neighbours. */
export function Passage({ source, onClose }: { source: Source; onClose(): void }) {
  const [passage, setPassage] = useState<PassageResponse>();
  const [failed, setFailed] = useState(false);
  const cited = useRef<HTMLParagraphElement>(null);
  const place = placeOf(source.url);
  useEffect(() => {
    load(placeOf(source.url)).then(setPassage, () => setFailed(true));
  }, [source.url]);
  useEffect(() => cited.current?.scrollIntoView({ block: 'center' }), [passage]);
  return (
    <aside aria-label={source.title} className="mt-8 rounded-lg border border-current/20 p-4">
      <div className="flex items-start justify-between gap-4">
        <h2 className="font-semibold">{source.headingPath.join(' › ')}</h2>
        <button type="button" className="underline" onClick={onClose}>
          Zavřít
        </button>
      </div>
      {failed && <p role="alert">Dokument se nepodařilo otevřít. Zkuste to znovu.</p>}
      <div className="mt-3 max-h-96 overflow-y-auto">
        {passage?.chunks.map((chunk) => {
          const isCited = chunk.start < place.to && place.from < chunk.end;
          return (
            <p key={chunk.start} ref={isCited ? cited : undefined} className="mb-3 whitespace-pre-wrap">
              <Marked text={chunk.text.trimEnd()} start={chunk.start} place={place} />
            </p>
          );
        })}
      </div>
    </aside>
  );
}
