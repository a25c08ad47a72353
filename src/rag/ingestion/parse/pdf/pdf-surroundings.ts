import { brotliDecompressSync, inflateRawSync, inflateSync } from 'node:zlib';

/** A stream of a file may unpack to so much; beyond it the library's own reader goes on piece by piece. */
const MAX_STREAM_BYTES = 256 * 1024 * 1024;

const UNPACK = new Map([
  ['deflate', inflateSync],
  ['deflate-raw', inflateRawSync],
  ['brotli', brotliDecompressSync],
]);

/**
 * Unpacks what it is given in one step. The streams of a page are short, and the streams of the platform take longer
 * to set up than to unpack one. Only what the PDF library uses of the standard class.
 */
class OneStepUnpacking {
  readonly #unpack: (bytes: Uint8Array) => Uint8Array;
  #result: Promise<Uint8Array | undefined> = Promise.resolve(undefined);

  constructor(format: string) {
    const unpack = UNPACK.get(format);
    if (unpack === undefined) throw new TypeError(`no such format: ${format}`);
    this.#unpack = (bytes) => unpack(bytes, { maxOutputLength: MAX_STREAM_BYTES });
  }

  readonly writable = {
    getWriter: () => ({
      write: (bytes: Uint8Array) => {
        this.#result = Promise.try(this.#unpack, bytes);
        // Whoever reads is told of a failure.
        this.#result.catch(() => undefined);
        return Promise.resolve();
      },
      close: () => Promise.resolve(),
    }),
  };

  readonly readable = {
    getReader: () => ({
      read: async () => {
        const value = await this.#result;
        this.#result = Promise.resolve(undefined);
        return { value, done: value === undefined };
      },
    }),
  };
}

/** A font that nobody draws with. */
class UnusedFontFace {
  readonly family: string;
  readonly loaded = Promise.resolve(this);
  constructor(family: string) {
    this.family = family;
  }
}

/**
 * Takes the place of the page of a browser: it keeps fonts without loading them. With it the library does not work
 * out the outlines of letters that nobody draws.
 */
export const UNDRAWN_DOCUMENT = { fonts: { add: () => undefined, delete: () => true } };

/** Of a message: itself, what it carries, and the lists in that, which the sender empties once they are sent. */
const COPIED_LEVELS = 3;

function copyLevels(value: unknown, levels: number): unknown {
  if (levels === 0 || typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value))
    return levels === 1 ? [...value] : value.map((item) => copyLevels(item, levels - 1));
  if (Object.getPrototypeOf(value) !== Object.prototype) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, copyLevels(item, levels - 1)]));
}

/**
 * Hands a message of the library over. Both of its halves run in this one thread, and what a page draws would be
 * copied whole on its way from one to the other.
 */
function handOver(message: unknown): unknown {
  return copyLevels(message, COPIED_LEVELS);
}

/** Gives the library what it looks for around it. For a process that does nothing but read documents. */
export function prepareSurroundings(): void {
  const surroundings = { DecompressionStream: OneStepUnpacking, FontFace: UnusedFontFace };
  Object.assign(globalThis, { ...surroundings, structuredClone: handOver });
}
