import { DocumentErasureResponse, ErasureResponse } from '#wire/admin/index.ts';
import { CliError } from './client.ts';
import type { Command, CommandCall } from './command.ts';

const USAGE =
  'hradlo erase subject <id>, with the id of a person, or issuer/subject; or hradlo erase document <id>';

/** `hradlo erase subject|document <id>`: gone for good. */
export const erase: Command = async (call) => {
  const [what, id, ...rest] = call.words;
  if (id === undefined || rest.length > 0) throw new CliError(USAGE, 2);
  if (what === 'subject') return eraseSubject(call, id);
  if (what === 'document') return eraseDocument(call, id);
  throw new CliError(USAGE, 2);
};

const referenceOf = ({ values: { reference } }: CommandCall) =>
  reference === undefined ? {} : { reference };

/** The person's questions, answers and account. */
async function eraseSubject(call: CommandCall, id: string): Promise<void> {
  const slash = id.indexOf('/');
  const [issuer, subject] = slash < 0 ? ['hradlo', id] : [id.slice(0, slash), id.slice(slash + 1)];
  const body = { issuer, subject, ...referenceOf(call) };
  const { keys } = ErasureResponse.parse(await call.client.json('POST', '/admin/v1/erasures', body));
  call.print(
    keys === 0
      ? 'No texts of this person were kept. What was known of the account is erased.\n'
      : 'Erased. The questions and answers of this person cannot be read any more, in no backup either, once the next backup has run.\n',
  );
}

const BACKUP_TEXTS = {
  renewed:
    'A new backup was made without it. Older copies hold it, sealed, until they are dropped (backup.keep); a restore of one erases it again.\n',
  failed:
    'The backup could not be renewed: pieces of it may wait in the data folder until it can (hradlo health).\n',
  none: '',
} as const;

/** The document's file, text and name, and the kept answers that quoted it. */
async function eraseDocument(call: CommandCall, documentId: string): Promise<void> {
  const body = { documentId, ...referenceOf(call) };
  const erased = DocumentErasureResponse.parse(
    await call.client.json('POST', '/admin/v1/document-erasures', body),
  );
  const { documents, texts, sharedFiles, backup } = erased;
  const inner = documents > 1 ? ` with ${documents - 1} that came in inside its file` : '';
  call.print(`Erased${inner}. ${texts} kept questions and answers that repeated it are empty.\n`);
  if (sharedFiles > 0)
    call.print(
      `${sharedFiles} files stay: another document is made of the same bytes, or someone just put them again.\n`,
    );
  call.print(BACKUP_TEXTS[backup]);
}
