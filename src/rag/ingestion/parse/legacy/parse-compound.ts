import type { ParseInner } from '../mail/parse-mail.ts';
import { ParseFailure } from '../parse-failure.ts';
import type { ParsedDocument } from '../parsed-document.ts';
import { CompoundFile } from './compound-file.ts';
import { parseDoc } from './parse-doc.ts';
import { parseMsg } from './parse-msg.ts';
import { parsePpt } from './parse-ppt.ts';
import { parseXls } from './parse-xls.ts';

/**
 * Reads a file of an old office program, or an encrypted one of a new program, by the streams it holds.
 * @throws {ParseFailure} `encrypted`, `damaged`, `unsupported-type`.
 */
export async function parseCompound(bytes: Uint8Array, parseInner: ParseInner): Promise<ParsedDocument> {
  const file = new CompoundFile(bytes);
  const { streams } = file;
  if (streams.has('EncryptedPackage')) throw new ParseFailure('encrypted');
  if (streams.has('WordDocument')) return parseDoc(file);
  if (streams.has('Workbook') || streams.has('Book')) return parseXls(file);
  if (streams.has('PowerPoint Document')) return parsePpt(file);
  if ([...streams.keys()].some((name) => name.startsWith('__substg1.0_'))) return parseMsg(file, parseInner);
  throw new ParseFailure('unsupported-type', { type: 'compound-file' });
}
