import type { Statement } from '#contracts/index.ts';
import type { EntryId, SourceId } from '#core/index.ts';
import type { PasswordOwner, SourceEntry } from '#rag/index.ts';
import type { DocumentDeps } from './document-deps.ts';

type PasswordDeps = Pick<DocumentDeps, 'passwords' | 'sealer' | 'sources' | 'clock'>;

/** How far up the files around a file are asked for a password: deeper than archives are followed. */
const MAX_OUTER = 8;

const placeOf = (owner: EntryId | SourceId): string => `document password ${owner}`;

/** Keeps passwords for a file or a source, sealed; they take the place of those kept before. */
export function keepPasswords(
  { passwords, sealer, clock }: PasswordDeps,
  owner: PasswordOwner,
  given: readonly string[],
): Statement {
  const plain = Buffer.from(JSON.stringify(given), 'utf8');
  return passwords.put(owner, sealer.seal(plain, placeOf(owner.entryId ?? owner.sourceId)), clock.nowMs());
}

/** Passwords to try on a file: its own, those of the files around it, those of its source. */
export async function passwordsFor(deps: PasswordDeps, entry: SourceEntry): Promise<string[]> {
  const owners: (EntryId | SourceId)[] = [entry.id];
  let { parentId } = entry;
  for (let step = 0; parentId !== undefined && step < MAX_OUTER; step++) {
    owners.push(parentId);
    parentId = (await deps.sources.findEntry(entry.tenantId, parentId))?.parentId;
  }
  owners.push(entry.sourceId);
  const sealed = await deps.passwords.list(owners);
  const found = owners.flatMap((owner) => {
    const text = sealed.get(owner);
    return text === undefined ? [] : open(deps, text, owner);
  });
  return [...new Set(found)];
}

function open({ sealer }: PasswordDeps, sealed: string, owner: EntryId | SourceId): string[] {
  const value: unknown = JSON.parse(Buffer.from(sealer.open(sealed, placeOf(owner))).toString('utf8'));
  return Array.isArray(value) ? value.filter((one) => typeof one === 'string') : [];
}
