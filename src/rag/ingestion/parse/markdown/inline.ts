import type { ImageNote, Link } from '../parsed-document.ts';

/** What inline parsing notes on the way. `references` are the link targets defined in the document. */
export interface InlineNotes {
  readonly links: Link[];
  readonly images: ImageNote[];
  readonly references: ReadonlyMap<string, string>;
}

interface Delimiter {
  readonly kind: 'delimiter';
  readonly text: string;
  readonly opens: boolean;
  readonly closes: boolean;
}
type Token = Delimiter | { readonly kind: 'text'; readonly text: string };

const ENTITIES: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: '\u00a0',
  copy: '©',
  reg: '®',
  trade: '™',
  hellip: '…',
  ndash: '–',
  mdash: '—',
  lsquo: '‘',
  rsquo: '’',
  ldquo: '“',
  rdquo: '”',
  bdquo: '„',
  laquo: '«',
  raquo: '»',
  sect: '§',
  para: '¶',
  deg: '°',
  middot: '·',
  times: '×',
  euro: '€',
  rarr: '→',
  larr: '←',
  bull: '•',
};

/** The character that an entity names; the entity itself when it is unknown. */
export function decodeEntity(entity: string): string {
  const body = entity.slice(1, -1);
  if (!body.startsWith('#')) return ENTITIES[body] ?? entity;
  const code = /^#x/i.test(body) ? Number.parseInt(body.slice(2), 16) : Number.parseInt(body.slice(1), 10);
  return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : '\ufffd';
}

const CODE_SPAN = /(?<!`)(`+)(?!`)([\s\S]*?[^`])\1(?!`)/y;
const ESCAPE = /\\([!-/:-@[-`{-~])/y;
const AUTOLINK = /<([a-z][a-z0-9+.-]{1,31}:[^\s<>]*|[^\s<>@]+@[^\s<>@]+)>/iy;
const TAG = /<(?:!--[\s\S]*?-->|\/?[a-z][a-z0-9-]*(?:\s[^<>]*)?\/?>|![a-z][^<>]*>)/iy;
const ENTITY = /&(?:#\d{1,7}|#x[0-9a-f]{1,6}|[a-z][a-z0-9]{1,31});/iy;
const LABEL = /(!?)\[((?:[^[\]\\]|\\.|!?\[(?:[^[\]\\]|\\.)*\](?:\([^()]*\))?)*)\]/y;
const DESTINATION =
  /\(\s*(?:<([^<>\n]*)>|((?:[^\s()\\]|\\.|\([^\s()]*\))*))(?:\s+(?:"[^"]*"|'[^']*'|\([^()]*\)))?\s*\)/y;
const REFERENCE = /\[([^[\]]*)\]/y;
const RUN = /\*+|_+|~~+/y;

function matchAt(pattern: RegExp, source: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(source);
}

const isSpace = (text: string): boolean => text === '' || /\s/u.test(text);
const isWordCharacter = (text: string): boolean => /[\p{L}\p{N}]/u.test(text);

/** Whether a run of `*`, `_` or `~` may open or close emphasis (CommonMark 6.2, shortened). */
function toDelimiter(run: string, before: string, after: string): Delimiter {
  const isUnderscore = run.startsWith('_');
  const opens = !isSpace(after) && !(isUnderscore && isWordCharacter(before));
  const closes = !isSpace(before) && !(isUnderscore && isWordCharacter(after));
  return { kind: 'delimiter', text: run, opens, closes };
}

/** Drops the delimiters that pair up and keeps the others as text. */
function joinTokens(tokens: readonly Token[]): string {
  const open: number[] = [];
  const dropped = new Set<number>();
  for (const [index, token] of tokens.entries()) {
    if (token.kind === 'text') continue;
    const partner = token.closes ? open.findLastIndex((at) => tokens[at]!.text[0] === token.text[0]) : -1;
    if (partner >= 0) {
      dropped.add(index).add(open[partner]!);
      open.length = partner;
    } else if (token.opens) {
      open.push(index);
    }
  }
  return tokens.map((token, index) => (dropped.has(index) ? '' : token.text)).join('');
}

/** Where a link's bracket leads and where the link ends; undefined when it leads nowhere. */
function readTarget(
  source: string,
  after: number,
  inner: string,
  references: ReadonlyMap<string, string>,
): { target: string; end: number } | undefined {
  const direct = matchAt(DESTINATION, source, after);
  if (direct !== null) return { target: direct[1] ?? direct[2] ?? '', end: after + direct[0].length };
  const reference = matchAt(REFERENCE, source, after);
  const name = reference?.[1] ? reference[1] : inner;
  const target = references.get(name.toLowerCase());
  return target === undefined ? undefined : { target, end: after + (reference?.[0].length ?? 0) };
}

/** A link or picture at `at`: its text and where it ends; undefined when the bracket is only a bracket. */
function readLink(source: string, at: number, notes: InlineNotes): { text: string; end: number } | undefined {
  const label = matchAt(LABEL, source, at);
  if (label === null) return undefined;
  const [whole, bang, inner = ''] = label;
  const after = at + whole.length;
  if (inner.startsWith('^')) return { text: '', end: after };
  const found = readTarget(source, after, inner, notes.references);
  if (found === undefined) return undefined;
  const text = inlineText(inner, notes);
  if (bang === '!') notes.images.push({ description: text });
  else if (found.target !== '') notes.links.push({ text, target: found.target });
  return { text, end: found.end };
}

/** One token at `at` and where it ends. */
function readToken(source: string, at: number, notes: InlineNotes): { token: Token; end: number } {
  const asText = (text: string, end: number) => ({ token: { kind: 'text', text } as const, end });
  const code = matchAt(CODE_SPAN, source, at);
  if (code !== null) return asText(code[2]!.replace(/^ (?=.*[^ ])(.*) $/su, '$1'), at + code[0].length);
  const escaped = matchAt(ESCAPE, source, at);
  if (escaped !== null) return asText(escaped[1]!, at + 2);
  const link = readLink(source, at, notes);
  if (link !== undefined) return asText(link.text, link.end);
  const auto = matchAt(AUTOLINK, source, at);
  if (auto !== null) {
    notes.links.push({ text: auto[1]!, target: auto[1]! });
    return asText(auto[1]!, at + auto[0].length);
  }
  const tag = matchAt(TAG, source, at);
  if (tag !== null) return asText(/^<br\b/i.test(tag[0]) ? ' ' : '', at + tag[0].length);
  const entity = matchAt(ENTITY, source, at);
  if (entity !== null) return asText(decodeEntity(entity[0]), at + entity[0].length);
  const run = matchAt(RUN, source, at)?.[0];
  if (run === undefined) return asText(source[at]!, at + 1);
  const end = at + run.length;
  return { token: toDelimiter(run, source.slice(Math.max(0, at - 1), at), source.slice(end, end + 1)), end };
}

const PLAIN = /[^\\`[!<&*_~]+/y;

/** The text of a paragraph of Markdown as a person reads it: marks gone, links and pictures noted. */
export function inlineText(source: string, notes: InlineNotes): string {
  const tokens: Token[] = [];
  for (let at = 0; at < source.length;) {
    const plain = matchAt(PLAIN, source, at);
    if (plain !== null) {
      tokens.push({ kind: 'text', text: plain[0] });
      at += plain[0].length;
      continue;
    }
    const { token, end } = readToken(source, at, notes);
    tokens.push(token);
    at = end;
  }
  return joinTokens(tokens);
}
