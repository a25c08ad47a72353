import type { EntryReason, Quarantine, QuarantineReason } from '#rag/index.ts';

const SENTENCES: Readonly<Record<QuarantineReason, string>> = {
  encrypted: 'The file is locked with a password. Give the password, or save the file without one.',
  'wrong-password': 'The file is locked, and no password that was given opens it.',
  'encryption-unsupported':
    'The file is locked in a way that no password opens here. Save it without one and it will be taken in.',
  damaged: 'The file is damaged and cannot be read. Try to open and save it again where it was made.',
  'too-large': 'The file is larger than what is read here.',
  'too-many-pages': 'The file has more pages than what is read here.',
  'timed-out': 'Reading the file took too long and was stopped.',
  'out-of-memory': 'Reading the file took too much memory and was stopped.',
  'unsupported-type': 'Files of this type are not read.',
  'archive-bomb': 'The archive unpacks to far more than it says and was not unpacked.',
  'path-traversal': 'The archive holds a path that leads out of it and was not unpacked.',
  'external-entity': 'The file asks to load something from elsewhere and was not read.',
  empty: 'There is no text in the file.',
};

/** Why a file was put aside, as it is kept and shown. */
export function toReason({ quarantine, detail }: Quarantine): EntryReason {
  const facts = Object.entries(detail).map(([name, value]) => `${name} ${value}`);
  const sentence = SENTENCES[quarantine];
  return {
    code: quarantine,
    message: facts.length === 0 ? sentence : `${sentence} (${facts.join(', ')})`,
    detail,
  };
}
