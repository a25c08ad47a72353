import type { Overlay } from './overlay.ts';
import { Segment, type SegmentHeader } from './segment.ts';
import { ColdFile } from './cold-file.ts';
import { SegmentMemory, type Section } from './segment-memory.ts';
import { VectorSource, type VectorPlace } from './vector-source.ts';
import type { IndexView } from './view.ts';

/** A segment as it goes from thread to thread: the bytes are shared, the header is copied. */
interface SegmentShare {
  readonly id: string;
  readonly header: SegmentHeader;
  readonly sections: readonly Section[];
  readonly memory: WebAssembly.Memory;
  readonly vectors: VectorPlace | undefined;
  /** Of a cold segment: where the rest of it is. */
  readonly coldPath: string | undefined;
}

/** What searchers must learn to see what the writer sees; only what changed. */
export interface ViewUpdate {
  readonly name: string;
  /** Ids of the view's segments in order; undefined when the view is no longer kept. */
  readonly segments: readonly string[] | undefined;
  readonly added: readonly SegmentShare[];
  readonly overlays: readonly (readonly [id: string, overlay: Overlay])[];
}

/** Name of the view that follows the database; others are snapshots, by their ids. */
export const LIVE = 'live';

/** The writer's side: knows what searchers have, and tells them the difference. */
export class ViewPublisher {
  readonly #views = new Map<string, IndexView>();

  /** The update that makes searchers see `view` under `name`; undefined when they do already. */
  publish(name: string, view: IndexView | undefined): ViewUpdate | undefined {
    const before = this.#views.get(name);
    if (before === view) return undefined;
    const known = new Set([...this.#views.values()].flat().map(({ segment }) => segment.id));
    const overlays = new Map(before?.map(({ segment, overlay }) => [segment.id, overlay]));
    if (view === undefined) this.#views.delete(name);
    else this.#views.set(name, view);
    return {
      name,
      segments: view?.map(({ segment }) => segment.id),
      added: (view ?? [])
        .filter(({ segment }) => !known.has(segment.id))
        .map(({ segment }) => toShare(segment)),
      overlays: (view ?? [])
        .filter(({ segment, overlay }) => overlays.get(segment.id) !== overlay)
        .map(({ segment, overlay }) => [segment.id, overlay]),
    };
  }

  /** Ids of the segments of all views. */
  used(): ReadonlySet<string> {
    return new Set([...this.#views.values()].flat().map(({ segment }) => segment.id));
  }
}

function toShare({ id, header, bytes, vectors, cold }: Segment): SegmentShare {
  const { sections, memory } = bytes;
  return { id, header, sections, memory, vectors: vectors?.place, coldPath: cold?.path };
}

interface Told {
  readonly segments: readonly string[];
  readonly overlays: ReadonlyMap<string, Overlay>;
}

/** What searchers were told so far, for one that starts later. */
export class ViewMirror {
  readonly #views = new Map<string, Told>();
  readonly #shares = new Map<string, SegmentShare>();

  receive({ name, segments, added, overlays }: ViewUpdate): void {
    for (const share of added) this.#shares.set(share.id, share);
    if (segments === undefined) this.#views.delete(name);
    else {
      const all = new Map([...(this.#views.get(name)?.overlays ?? []), ...overlays]);
      const own = segments.flatMap((id): (readonly [string, Overlay])[] => {
        const overlay = all.get(id);
        return overlay === undefined ? [] : [[id, overlay]];
      });
      this.#views.set(name, { segments, overlays: new Map(own) });
    }
    const used = new Set([...this.#views.values()].flatMap((view) => view.segments));
    for (const id of this.#shares.keys()) if (!used.has(id)) this.#shares.delete(id);
  }

  /** Updates that make a searcher that knows nothing see what the others see. */
  updates(): ViewUpdate[] {
    const sent = new Set<string>();
    return [...this.#views].map(([name, { segments, overlays }]) => {
      const added = segments.flatMap((id) => (sent.has(id) ? [] : (this.#shares.get(id) ?? [])));
      for (const { id } of added) sent.add(id);
      return { name, segments, added, overlays: [...overlays] };
    });
  }
}

/** A searcher's side: the views as the writer told them. */
export class ViewReceiver implements Disposable {
  readonly #views = new Map<string, IndexView>();
  readonly #segments = new Map<string, Segment>();

  receive({ name, segments, added, overlays }: ViewUpdate): void {
    for (const share of added) this.#segments.set(share.id, toSegment(share));
    const changed = new Map(overlays);
    const before = new Map(this.#views.get(name)?.map(({ segment, overlay }) => [segment.id, overlay]));
    if (segments === undefined) this.#views.delete(name);
    else {
      this.#views.set(
        name,
        segments.map((id) => {
          const [segment, overlay] = [this.#segments.get(id), changed.get(id) ?? before.get(id)];
          if (segment === undefined || overlay === undefined)
            throw new TypeError('a view names what was never sent');
          return { segment, overlay };
        }),
      );
    }
    this.#forgetUnused();
  }

  /** The view of this name; undefined when there is none. */
  view(name: string): IndexView | undefined {
    return this.#views.get(name);
  }

  /** Ids of the segments of all views. */
  get used(): ReadonlySet<string> {
    return new Set([...this.#views.values()].flat().map(({ segment }) => segment.id));
  }

  #forgetUnused(): void {
    const { used } = this;
    for (const [id, segment] of this.#segments) {
      if (used.has(id)) continue;
      segment.vectors?.[Symbol.dispose]();
      segment.cold?.[Symbol.dispose]();
      this.#segments.delete(id);
    }
  }

  [Symbol.dispose](): void {
    this.#views.clear();
    this.#forgetUnused();
  }
}

function toSegment({ id, header, sections, memory, vectors, coldPath }: SegmentShare): Segment {
  const source = vectors && new VectorSource(vectors, header.dimensions);
  // Now, not at the first search: the writer may remove the file as soon as it has a newer one.
  source?.open();
  const cold = coldPath === undefined ? undefined : new ColdFile(coldPath);
  cold?.open();
  return new Segment(id, header, new SegmentMemory(sections, memory), { vectors: source, cold });
}
