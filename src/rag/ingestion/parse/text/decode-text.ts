/** Text out of bytes, and the encoding that was found. */
export interface DecodedText {
  readonly text: string;
  readonly encoding: string;
}

const SAMPLE_BYTES = 65_536;
const MIN_ZERO_SHARE = 0.2;

const BYTE_ORDER_MARKS: readonly (readonly [encoding: string, bytes: readonly number[]])[] = [
  ['utf-8', [0xef, 0xbb, 0xbf]],
  ['utf-16le', [0xff, 0xfe]],
  ['utf-16be', [0xfe, 0xff]],
];

function markOf(bytes: Uint8Array): string | undefined {
  return BYTE_ORDER_MARKS.find(([, mark]) => mark.every((byte, index) => bytes[index] === byte))?.[0];
}

/** UTF-16 without a mark: every other byte of Latin text is zero, always on the same side. */
function utf16Of(sample: Uint8Array): string | undefined {
  let even = 0;
  let odd = 0;
  for (const [index, byte] of sample.entries()) {
    if (byte !== 0) continue;
    if (index % 2 === 0) even += 1;
    else odd += 1;
  }
  const needed = (sample.length / 2) * MIN_ZERO_SHARE;
  if (odd > needed && even < odd / 10) return 'utf-16le';
  return even > needed && odd < even / 10 ? 'utf-16be' : undefined;
}

function isUtf8(bytes: Uint8Array): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return true;
  } catch {
    return false;
  }
}

/** The upper half of the code page of DOS for Central Europe, which no decoder of the platform knows. */
const IBM852 = 'ibm852';
const IBM852_UPPER =
  'ÇüéâäůćçłëŐőîŹÄĆÉĹĺôöĽľŚśÖÜŤťŁ×čáíóúĄąŽžĘę¬źČş«»░▒▓│┤ÁÂĚŞ╣║╗╝Żż┐' +
  '└┴┬├─┼Ăă╚╔╩╦╠═╬¤đĐĎËďŇÍÎě┘┌█▄ŢŮ▀ÓßÔŃńňŠšŔÚŕŰýÝţ´\u00ad˝˛ˇ˘§÷¸°¨˙űŘř■\u00a0';

function decodeAs(encoding: string, bytes: Uint8Array): string {
  if (encoding !== IBM852) return new TextDecoder(encoding).decode(bytes);
  let text = '';
  for (const byte of bytes) text += byte < 0x80 ? String.fromCharCode(byte) : IBM852_UPPER[byte - 0x80]!;
  return text;
}

// Letters that tell one code page from another: those that the language of the page uses often, and those
// that appear in its place when the page is the wrong one.
const CODE_PAGES: readonly { readonly encoding: string; readonly usual: RegExp; readonly odd: RegExp }[] = [
  {
    encoding: 'windows-1250',
    usual: /[ěščřžýůťďňĚŠČŘŽÝŮŤĎŇąęłśźżćńőű]/gu,
    odd: /[ŕĺă¹ľţđ˘ˇ¦ľ\u0080-\u009f]|(?<=\p{L})[©®«»](?=\p{L})/gu,
  },
  { encoding: 'iso-8859-2', usual: /[ěščřžýůťďňĚŠČŘŽÝŮŤĎŇąęłśźżćńőű]/gu, odd: /[ŕĺă¹ľţđ˘ˇ\u0080-\u009f]/gu },
  { encoding: IBM852, usual: /[ěščřžýůťďňĚŠČŘŽÝŮŤĎŇąęłśźżćńőű]/gu, odd: /[░-▓│-╬▀-█Ă˙ŔŃ˛˝]/gu },
  {
    encoding: 'windows-1252',
    usual: /[äöüßÄÖÜàâêîïôçñåæœ]/gu,
    odd: /[øØìÌùÙòÒèÈ¹¾\u0080-\u009f]|(?<=\p{L})[šžŠŽ»](?=\p{L})/gu,
  },
];

const count = (text: string, pattern: RegExp): number => text.match(pattern)?.length ?? 0;

/** The single-byte code page whose text looks most like a language of its region; Czech wins a draw. */
function codePageOf(sample: Uint8Array): string {
  let best = { encoding: 'windows-1250', score: Number.NEGATIVE_INFINITY };
  for (const { encoding, usual, odd } of CODE_PAGES) {
    const text = decodeAs(encoding, sample);
    const score = count(text, usual) - 2 * count(text, odd);
    if (score > best.score) best = { encoding, score };
  }
  return best.encoding;
}

/** Only bytes above ASCII tell code pages apart; the others fill up the sample. */
function foreignSample(bytes: Uint8Array): Uint8Array {
  if (bytes.length <= SAMPLE_BYTES) return bytes;
  const first = bytes.findIndex((byte) => byte > 0x7f);
  const start = Math.max(0, Math.min(first - 1000, bytes.length - SAMPLE_BYTES));
  return bytes.subarray(start, start + SAMPLE_BYTES);
}

function encodingOf(bytes: Uint8Array): string {
  return (
    markOf(bytes) ??
    utf16Of(bytes.subarray(0, SAMPLE_BYTES)) ??
    (isUtf8(bytes) ? 'utf-8' : codePageOf(foreignSample(bytes)))
  );
}

/**
 * Decodes text whose encoding nobody says: UTF-8 and UTF-16 with or without a mark, else the likeliest of
 * windows-1250, ISO 8859-2, the old code page 852 and windows-1252. `declared` is tried first where a format names one.
 */
export function decodeText(bytes: Uint8Array, declared?: string): DecodedText {
  const named = markOf(bytes) ?? knownEncoding(declared) ?? encodingOf(bytes);
  const encoding = named === 'utf-8' && !isUtf8(bytes) ? encodingOf(bytes) : named;
  return { text: decodeAs(encoding, bytes), encoding };
}

/** The decoder's name of an encoding; undefined when it has none. */
function knownEncoding(name: string | undefined): string | undefined {
  if (name === undefined) return undefined;
  try {
    return new TextDecoder(name.trim()).encoding;
  } catch {
    return undefined;
  }
}
