import { isTar } from './archive/read-tar.ts';
import { decodeText } from './text/decode-text.ts';
import type { DocumentFormat } from './parsed-document.ts';

/** What the first bytes say. Containers are looked into later: `ole` and `zip` each hold many formats. */
export type Signature = 'pdf' | 'zip' | 'tar' | 'ole' | 'rtf' | 'image' | 'gzip' | 'binary' | 'text';

function startsWith(bytes: Uint8Array, text: string, at = 0): boolean {
  if (bytes.length < at + text.length) return false;
  for (let index = 0; index < text.length; index++) {
    if (bytes[at + index] !== text.charCodeAt(index)) return false;
  }
  return true;
}

const IMAGES: readonly (readonly [string, number])[] = [
  ['\x89PNG\r\n\x1a\n', 0],
  ['\xff\xd8\xff', 0],
  ['GIF8', 0],
  ['BM', 0],
  ['II*\0', 0],
  ['MM\0*', 0],
  ['WEBP', 8],
];
const HEAD_BYTES = 1024;
const MAX_CONTROL_SHARE = 0.02;

function isPdf(bytes: Uint8Array): boolean {
  // Readers accept junk before the header (ISO 32000-1, annex H.3).
  const head = new TextDecoder('latin1').decode(bytes.subarray(0, HEAD_BYTES));
  return head.includes('%PDF-');
}

/** Whether bytes hold characters that no text has. UTF-16 is text though half of it is zeros. */
function isBinary(bytes: Uint8Array): boolean {
  const { text, encoding } = decodeText(bytes.subarray(0, 8192));
  const controls = text.match(/(?!\s)[\p{Cc}\ufffd]/gu)?.length ?? 0;
  const allowed = encoding.startsWith('utf-16') ? MAX_CONTROL_SHARE * 2 : MAX_CONTROL_SHARE;
  return controls > text.length * allowed;
}

/** Tells what bytes are by their content. */
export function signatureOf(bytes: Uint8Array): Signature {
  if (startsWith(bytes, 'PK\x03\x04') || startsWith(bytes, 'PK\x05\x06')) return 'zip';
  if (startsWith(bytes, '\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1')) return 'ole';
  if (startsWith(bytes, '{\\rtf')) return 'rtf';
  if (isTar(bytes)) return 'tar';
  if (startsWith(bytes, '\x1f\x8b')) return 'gzip';
  if (IMAGES.some(([magic, at]) => startsWith(bytes, magic, at))) return 'image';
  if (isPdf(bytes)) return 'pdf';
  return isBinary(bytes) ? 'binary' : 'text';
}

const MAIL_FIELD =
  /^(?:return-path|received|from|to|cc|subject|date|message-id|mime-version|delivered-to|x-[\w-]+|content-type|newsgroups|dkim-signature|reply-to|sender|user-agent|in-reply-to|references|status|path):/imu;

function isMail(head: string): boolean {
  const fields = head
    .split(/\n\n/u)[0]!
    .split('\n')
    .filter((line) => /^[\w-]+:\s?/u.test(line));
  const isHead = /^(?:From |[\w-]+:)/u.test(head);
  const known = fields.filter((line) => MAIL_FIELD.test(line)).length;
  return isHead && known >= 3 && /^(?:from|subject|message-id|received|mime-version):/imu.test(head);
}

const EXTENSIONS: Readonly<Record<string, DocumentFormat>> = {
  md: 'markdown',
  markdown: 'markdown',
  csv: 'csv',
  tsv: 'csv',
  txt: 'text',
  text: 'text',
  log: 'text',
};

/** Marks that only Markdown has, each on a line of its own. */
const MARKDOWN_MARKS = [/^#{1,6} \S/mu, /^\|?\s*:?-{3,}:?\s*\|/mu, /^```/mu, /\]\(https?:/u, /^\s*[-*] \S/mu];

/** Markup and mail tell themselves. */
function selfEvidentFormat(head: string): DocumentFormat | undefined {
  if (isMail(head)) return 'eml';
  const isPage = /^<(?:!doctype html|html|head|body|!--[\s\S]*?-->\s*<(?:!doctype html|html))/iu.test(head);
  if (isPage || /^<\?xml[^>]*>[\s\S]{0,600}?<html[\s>]/iu.test(head)) return 'html';
  return /^<\?xml\s/iu.test(head) ? 'xml' : undefined;
}

/** The likeliest format of a text that neither itself nor its name tells. */
function likelyFormat(head: string, source: string): DocumentFormat {
  if (/^<[a-z!]/iu.test(head) && /<\/(?:html|body|p|div|table|title|head)>/iu.test(source)) return 'html';
  if (/^<[a-z][\w:.-]*[\s>]/iu.test(head) && /<\/[a-z][\w:.-]*>\s*$/iu.test(source)) return 'xml';
  const marks = MARKDOWN_MARKS.filter((mark) => mark.test(head)).length;
  return marks >= 2 ? 'markdown' : 'text';
}

/**
 * Which kind of text this is. Markup and mail tell themselves; Markdown, tables of values and plain text differ
 * only in what a writer meant, so there the file's name is heard.
 */
export function textFormatOf(source: string, fileName: string): DocumentFormat {
  const head = source
    .slice(0, 8192)
    .replace(/^\uFEFF/u, '')
    .replace(/\r\n?/gu, '\n')
    .trimStart();
  const extension = /\.([a-z]+)$/iu.exec(fileName)?.[1]?.toLowerCase() ?? '';
  return selfEvidentFormat(head) ?? EXTENSIONS[extension] ?? likelyFormat(head, source);
}
