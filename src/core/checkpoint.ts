/** Where a chain stood at a time. Kept elsewhere, it shows that nothing before it was changed since. */
export interface Checkpoint {
  readonly chainId: string;
  readonly sequence: number;
  /** Hash of the event at `sequence`. */
  readonly hash: string;
  readonly atMs: number;
}

/** A checkpoint and the signature over its text. */
export interface SignedCheckpoint extends Checkpoint {
  readonly text: string;
  readonly keyName: string;
  /** Base64 of four bytes that name the key and the signature. */
  readonly signature: string;
}

const ORIGIN = 'hradlo/';
const HASH = /^sha256:[0-9a-f]{64}$/;
const NOTE =
  /^((hradlo\/[\w.-]+)\n(\d{1,15})\n(sha256:[0-9a-f]{64})\n(?:[^\n]+\n)*)\n\u2014 (\S+) ([A-Za-z0-9+/=]+)\n?$/;
const TIME = /^time (\d{1,15})$/m;

/** Name of the key that signs a chain's checkpoints; also the first line of each. */
export function keyNameOf(chainId: string): string {
  return `${ORIGIN}${chainId}`;
}

/**
 * The text that is signed: origin, size, hash, then our own line with the time.
 * @see C2SP tlog-checkpoint. The hash is the head of a hash chain, not a Merkle root.
 */
export function encodeCheckpoint({ chainId, sequence, hash, atMs }: Checkpoint): string {
  if (!HASH.test(hash)) throw new TypeError('not a hash of a chain');
  return `${keyNameOf(chainId)}\n${sequence}\n${hash}\ntime ${atMs}\n`;
}

/** Text and signature as one note. @see C2SP signed-note. */
export function encodeNote(text: string, keyName: string, signature: string): string {
  return `${text}\n\u2014 ${keyName} ${signature}\n`;
}

/** Reads one note; undefined when it is not one of ours. */
export function parseNote(note: string): SignedCheckpoint | undefined {
  const match = NOTE.exec(note);
  if (match === null) return undefined;
  const [, text = '', origin = '', sequence = '', hash = '', keyName = '', signature = ''] = match;
  const atMs = Number(TIME.exec(text)?.[1] ?? Number.NaN);
  return {
    chainId: origin.slice(ORIGIN.length),
    sequence: Number(sequence),
    hash,
    atMs,
    text,
    keyName,
    signature,
  };
}

/** Every note of a file that holds one after the other. What is between them and is not a note is skipped. */
export function parseNotes(file: string): SignedCheckpoint[] {
  return file
    .replaceAll('\r\n', '\n')
    .split(/(?<=\n\u2014 [^\n]*\n)/)
    .flatMap((part) => parseNote(part.slice(Math.max(0, part.indexOf(ORIGIN)))) ?? []);
}
