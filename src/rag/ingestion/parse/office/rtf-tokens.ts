/** A piece of RTF: a brace, a control with its number, or bytes of text. */
export type RtfToken =
  | { readonly kind: 'open' }
  | { readonly kind: 'close' }
  | { readonly kind: 'control'; readonly name: string; readonly value: number | undefined }
  | { readonly kind: 'byte'; readonly value: number };

const BACKSLASH = 0x5c;
const OPEN = 0x7b;
const CLOSE = 0x7d;
const QUOTE = 0x27;
const MINUS = 0x2d;
const SPACE = 0x20;

const isLetter = (byte: number | undefined): boolean =>
  byte !== undefined && ((byte >= 0x61 && byte <= 0x7a) || (byte >= 0x41 && byte <= 0x5a));
const isDigit = (byte: number | undefined): boolean => byte !== undefined && byte >= 0x30 && byte <= 0x39;

/** A character given by its code in two hexadecimal digits. */
function readHex(bytes: Uint8Array, at: number): { token: RtfToken; end: number } {
  const digits = Buffer.from(bytes.subarray(at, at + 2)).toString('latin1');
  const code = Number.parseInt(digits, 16);
  return { token: { kind: 'byte', value: Number.isNaN(code) ? SPACE : code }, end: at + 2 };
}

function skipWhile(bytes: Uint8Array, at: number, is: (byte: number | undefined) => boolean): number {
  let end = at;
  while (is(bytes[end])) end += 1;
  return end;
}

/** Reads a control at a backslash: where it ends and what it is. */
function readControl(bytes: Uint8Array, at: number): { token: RtfToken; end: number } {
  const next = bytes[at + 1];
  if (next === QUOTE) return readHex(bytes, at + 2);
  if (!isLetter(next)) {
    return {
      token: { kind: 'control', name: String.fromCharCode(next ?? SPACE), value: undefined },
      end: at + 2,
    };
  }
  const latin = (from: number, to: number): string =>
    Buffer.from(bytes.subarray(from, to)).toString('latin1');
  const nameEnd = skipWhile(bytes, at + 1, isLetter);
  const isNegative = bytes[nameEnd] === MINUS && isDigit(bytes[nameEnd + 1]);
  const end = skipWhile(bytes, nameEnd + (isNegative ? 1 : 0), isDigit);
  const value = end === nameEnd ? undefined : Number(latin(nameEnd, end));
  const token: RtfToken = { kind: 'control', name: latin(at + 1, nameEnd), value };
  return { token, end: bytes[end] === SPACE ? end + 1 : end };
}

/** Reads RTF into tokens (RTF specification 1.9.1). Data of pictures is skipped where its length is given. */
export function* rtfTokens(bytes: Uint8Array): Generator<RtfToken> {
  for (let at = 0; at < bytes.length;) {
    const byte = bytes[at]!;
    if (byte === BACKSLASH) {
      const { token, end } = readControl(bytes, at);
      at = end;
      if (token.kind === 'control' && token.name === 'bin') at += Math.max(0, token.value ?? 0);
      else yield token;
      continue;
    }
    at += 1;
    if (byte === OPEN) yield { kind: 'open' };
    else if (byte === CLOSE) yield { kind: 'close' };
    else if (byte !== 0x0d && byte !== 0x0a && byte !== 0) yield { kind: 'byte', value: byte };
  }
}
