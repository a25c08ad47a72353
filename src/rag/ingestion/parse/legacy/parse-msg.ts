import { parseHtml } from '../html/parse-html.ts';
import { joinDocuments, type NamedDocument } from '../join-documents.ts';
import type { ParseInner } from '../mail/parse-mail.ts';
import type { Block, ParsedDocument } from '../parsed-document.ts';
import { decodeText } from '../text/decode-text.ts';
import { parsePlainText } from '../text/parse-text.ts';
import type { CompoundFile } from './compound-file.ts';

/** Properties of a message by their numbers (MS-OXPROPS). */
const SUBJECT = '0037';
const SENDER = '0C1A';
const RECIPIENTS = '0E04';
const BODY = '1000';
const HTML = '1013';
const ATTACHED_BYTES = '3701';
const LONG_NAME = '3707';
const SHORT_NAME = '3704';
const UNICODE = '001F';
const NARROW = '001E';
const BINARY = '0102';

function textOf(file: CompoundFile, folder: string, property: string): string | undefined {
  const wide = file.streams.get(`${folder}__substg1.0_${property}${UNICODE}`);
  if (wide !== undefined) return new TextDecoder('utf-16le').decode(wide).replaceAll('\0', '');
  const narrow = file.streams.get(`${folder}__substg1.0_${property}${NARROW}`);
  return narrow === undefined ? undefined : decodeText(narrow).text.replaceAll('\0', '');
}

function bodyOf(file: CompoundFile): ParsedDocument {
  const html = file.streams.get(`__substg1.0_${HTML}${BINARY}`);
  if (html !== undefined) return parseHtml(decodeText(html).text);
  return parsePlainText(textOf(file, '', BODY) ?? '');
}

/** What hangs on a message, each in a folder of its own. */
async function readAttachments(file: CompoundFile, parseInner: ParseInner): Promise<NamedDocument[]> {
  const attachments: NamedDocument[] = [];
  const paths = [...file.streams.keys()];
  const folders = new Set(
    paths.flatMap((path) => /^(__attach_version1\.0_#[0-9A-F]+\/)[^/]*$/u.exec(path)?.[1] ?? []),
  );
  for (const folder of folders) {
    const bytes = file.streams.get(`${folder}__substg1.0_${ATTACHED_BYTES}${BINARY}`);
    const fileName = textOf(file, folder, LONG_NAME) ?? textOf(file, folder, SHORT_NAME) ?? 'attachment';
    if (bytes !== undefined) attachments.push(await parseInner({ bytes, fileName }));
  }
  return attachments;
}

/** Reads a message as Outlook stores it (MS-OXMSG): who wrote to whom, the text, the attachments. */
export async function parseMsg(file: CompoundFile, parseInner: ParseInner): Promise<ParsedDocument> {
  const subject = textOf(file, '', SUBJECT);
  const metadata: Record<string, string> = {};
  const [author, recipients] = [textOf(file, '', SENDER), textOf(file, '', RECIPIENTS)];
  if (author !== undefined) metadata['author'] = author;
  if (recipients !== undefined) metadata['recipients'] = recipients;
  const head: Block[] =
    subject === undefined || subject === '' ? [] : [{ kind: 'heading', level: 1, text: subject }];
  if (author !== undefined && author !== '') head.push({ kind: 'paragraph', text: `From: ${author}` });
  if (recipients !== undefined && recipients !== '')
    head.push({ kind: 'paragraph', text: `To: ${recipients}` });
  const body = bodyOf(file);
  const message: ParsedDocument = {
    ...body,
    format: 'msg',
    title: subject,
    metadata,
    blocks: [...head, ...body.blocks],
  };
  return joinDocuments(message, await readAttachments(file, parseInner));
}
