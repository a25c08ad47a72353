import type { ParseInner } from '../mail/parse-mail.ts';
import { ParseFailure } from '../parse-failure.ts';
import type { ParsedDocument } from '../parsed-document.ts';
import { decryptPackage } from './decrypt-package.ts';
import { CompoundFile } from './compound-file.ts';
import { parseDoc } from './parse-doc.ts';
import { parseMsg } from './parse-msg.ts';
import { parsePpt } from './parse-ppt.ts';
import { parseXls } from './parse-xls.ts';

/** What a file of streams is read with. */
export interface CompoundOptions {
  readonly passwords: readonly string[];
  readonly parseInner: ParseInner;
  /** Reads what an encrypted file turned out to be. */
  readonly parseOpened: (bytes: Uint8Array) => Promise<ParsedDocument>;
}

/**
 * Reads a file of an old office program, or an encrypted one of a new program, by the streams it holds.
 * @throws {ParseFailure} `encrypted`, `wrong-password`, `encryption-unsupported`, `damaged`, `unsupported-type`.
 */
export async function parseCompound(
  bytes: Uint8Array,
  { passwords, parseInner, parseOpened }: CompoundOptions,
): Promise<ParsedDocument> {
  const file = new CompoundFile(bytes);
  const { streams } = file;
  const locked = streams.get('EncryptedPackage');
  if (locked !== undefined) {
    return parseOpened(decryptPackage(streams.get('EncryptionInfo') ?? new Uint8Array(), locked, passwords));
  }
  if (streams.has('WordDocument')) return parseDoc(file);
  if (streams.has('Workbook') || streams.has('Book')) return parseXls(file);
  if (streams.has('PowerPoint Document')) return parsePpt(file);
  if ([...streams.keys()].some((name) => name.startsWith('__substg1.0_'))) return parseMsg(file, parseInner);
  throw new ParseFailure('unsupported-type', { type: 'compound-file' });
}
