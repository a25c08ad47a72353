import PostalMime from 'postal-mime';
import { parseHtml } from '../html/parse-html.ts';
import { emptyDocument, type Block, type ParsedDocument } from '../parsed-document.ts';
import { joinDocuments, type NamedDocument } from '../join-documents.ts';
import { parsePlainText } from '../text/parse-text.ts';

/** Reads a file that another one carries; undefined when it cannot be read, which is noted. */
export type ParseInner = (file: {
  readonly bytes: Uint8Array;
  readonly fileName: string;
}) => Promise<NamedDocument>;

interface Person {
  readonly name?: string | undefined;
  readonly address?: string | undefined;
}

const show = ({ name = '', address = '' }: Person): string =>
  name === '' || name === address ? address : `${name} <${address}>`;

const MAX_ATTACHMENTS = 200;

function toBytes(content: unknown): Uint8Array {
  if (content instanceof Uint8Array) return content;
  if (content instanceof ArrayBuffer) return new Uint8Array(content);
  return new TextEncoder().encode(typeof content === 'string' ? content : '');
}

/** The name of an attachment that has none. */
const nameless = (mimeType: string): string => (mimeType === 'message/rfc822' ? 'message.eml' : 'attachment');

/** Reads a message (RFC 5322 and MIME): who wrote to whom, the text, and every attachment that can be read. */
export async function parseMail(bytes: Uint8Array, parseInner: ParseInner): Promise<ParsedDocument> {
  const mail = await PostalMime.parse(bytes, { maxNestingDepth: 20, maxHeadersSize: 1024 * 1024 });
  const metadata: Record<string, string> = {};
  if (mail.from !== undefined) metadata['author'] = show(mail.from);
  if (mail.to !== undefined) metadata['recipients'] = mail.to.map(show).join(', ');
  if (mail.date !== undefined) metadata['createdAt'] = mail.date;
  const head: Block[] = mail.subject === undefined ? [] : [{ kind: 'heading', level: 1, text: mail.subject }];
  for (const [name, value] of [
    ['From', metadata['author']],
    ['To', metadata['recipients']],
    ['Date', metadata['createdAt']],
  ]) {
    if (value !== undefined) head.push({ kind: 'paragraph', text: `${name}: ${value}` });
  }
  const body =
    mail.html === undefined || mail.html.trim() === ''
      ? parsePlainText(mail.text ?? '')
      : parseHtml(mail.html);
  const shifted = body.blocks.map((block) =>
    block.kind === 'heading' ? { ...block, level: block.level + 1 } : block,
  );
  const message: ParsedDocument = {
    ...emptyDocument('eml'),
    title: mail.subject,
    metadata,
    blocks: [...head, ...shifted],
    removed: body.removed,
    links: body.links,
    images: body.images,
  };
  const attachments: NamedDocument[] = [];
  for (const { content, filename, mimeType } of mail.attachments.slice(0, MAX_ATTACHMENTS)) {
    const fileName = filename ?? nameless(mimeType);
    attachments.push(await parseInner({ bytes: toBytes(content), fileName }));
  }
  return joinDocuments(message, attachments);
}
