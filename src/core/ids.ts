declare const kind: unique symbol;
type Id<Name extends string> = string & { readonly [kind]: Name };

export type TenantId = Id<'tenant'>;
export type CollectionId = Id<'collection'>;
export type DocumentId = Id<'document'>;
export type VersionId = Id<'version'>;
/** Stable across versions of a document: unchanged text keeps its id. */
export type ChunkId = Id<'chunk'>;
export type AnswerId = Id<'answer'>;
export type ConversationId = Id<'conversation'>;
/** A question and its answer within a conversation. */
export type TurnId = Id<'turn'>;
export type UserId = Id<'user'>;
export type GroupId = Id<'group'>;
export type SessionId = Id<'session'>;
export type ApiKeyId = Id<'key'>;
export type JobId = Id<'job'>;
export type ContentId = Id<'content'>;
export type SourceId = Id<'source'>;
/** A file of a source, as it was taken in. */
export type EntryId = Id<'entry'>;

interface IdTypes {
  tenant: TenantId;
  collection: CollectionId;
  document: DocumentId;
  version: VersionId;
  chunk: ChunkId;
  answer: AnswerId;
  conversation: ConversationId;
  turn: TurnId;
  user: UserId;
  group: GroupId;
  session: SessionId;
  key: ApiKeyId;
  job: JobId;
  content: ContentId;
  source: SourceId;
  entry: EntryId;
}
export type IdKind = keyof IdTypes;
/** The type of the ids of a kind: `IdOf<'document'>` is `DocumentId`. */
export type IdOf<Kind extends IdKind> = IdTypes[Kind];

const PREFIXES = {
  tenant: 'ten',
  collection: 'col',
  document: 'doc',
  version: 'ver',
  chunk: 'chk',
  answer: 'ans',
  conversation: 'cnv',
  turn: 'trn',
  user: 'usr',
  group: 'grp',
  session: 'ses',
  key: 'key',
  job: 'job',
  content: 'cnt',
  source: 'src',
  entry: 'ent',
} as const satisfies Record<IdKind, string>;

/** Crockford's base 32, lower case: no i, l, o, u, so an id survives being read aloud. */
const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';
const RANDOM_BYTES = 16;
const BODY = /^[0-9a-hjkmnp-tv-z]{26}$/;

/** Sixteen bytes as 26 base-32 digits, most significant first. */
function encodeBody(bytes: Uint8Array): string {
  let text = '';
  let left = 0;
  // 26 digits hold two bits more than there are.
  let bits = 2;
  for (const byte of bytes) {
    left = (left << 8) | byte;
    for (bits += 8; bits >= 5;) {
      bits -= 5;
      text += ALPHABET.charAt((left >> bits) & 31);
    }
    left &= (1 << bits) - 1;
  }
  return text;
}

/**
 * Makes an id of 128 bits, `<prefix>_<26 digits>`, out of 16 bytes: random ones for what is new, the head of
 * a digest for what is derived.
 * @throws {RangeError} when there are not 16 bytes.
 */
export function makeId<Kind extends IdKind>(of: Kind, bytes: Uint8Array): IdOf<Kind> {
  if (bytes.length !== RANDOM_BYTES) throw new RangeError(`an id takes 16 bytes, got ${bytes.length}`);
  return `${PREFIXES[of]}_${encodeBody(bytes)}` as IdOf<Kind>;
}

/** Reads an id that came from outside; undefined when it is not one of that kind. */
export function parseId<Kind extends IdKind>(of: Kind, text: string): IdOf<Kind> | undefined {
  const prefix = `${PREFIXES[of]}_`;
  return text.startsWith(prefix) && BODY.test(text.slice(prefix.length)) ? (text as IdOf<Kind>) : undefined;
}

/** Reads an id that our own database wrote. @throws {TypeError} when it is not one: the data are damaged. */
export function expectId<Kind extends IdKind>(of: Kind, text: unknown): IdOf<Kind> {
  const id = typeof text === 'string' ? parseId(of, text) : undefined;
  if (id === undefined) throw new TypeError(`not an id of kind ${of}`);
  return id;
}

/** Makes new random ids; handed in, so that tests are repeatable. */
export type NewId = <Kind extends IdKind>(of: Kind) => IdOf<Kind>;

/** `sha256:` and 64 lower-case hexadecimal digits. */
export type Digest = Id<'digest'>;
const DIGEST = /^sha256:[0-9a-f]{64}$/;

/** Reads a digest from outside; undefined when it is not one. Check before a digest becomes part of a path. */
export function parseDigest(text: string): Digest | undefined {
  return DIGEST.test(text) ? (text as Digest) : undefined;
}

/** Reads a digest that our own code wrote. @throws {TypeError} when it is not one. */
export function expectDigest(text: unknown): Digest {
  const digest = typeof text === 'string' ? parseDigest(text) : undefined;
  if (digest === undefined) throw new TypeError('not a digest');
  return digest;
}

/** Integer id of an access set: the canonical policy that decides who may read a chunk. */
export type AclSetId = number & { readonly [kind]: 'acl-set' };

/** Reads an access set's id out of a row. @throws {TypeError} when it is not a positive integer. */
export function expectAclSetId(value: unknown): AclSetId {
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 1)
    throw new TypeError('not an access set');
  return value as AclSetId;
}

/** Integer row of a chunk in one version of a document; never reused. */
export type ChunkRow = number & { readonly [kind]: 'chunk-row' };

/** Reads a chunk's row number. @throws {TypeError} when it is not a positive integer. */
export function expectChunkRow(value: unknown): ChunkRow {
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 1)
    throw new TypeError('not a chunk row');
  return value as ChunkRow;
}
