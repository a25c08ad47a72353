import { OwnersResponse, ReviewResponse, type ReviewRowBody } from '#wire/admin/index.ts';
import { PassageResponse } from '#wire/hradlo/index.ts';
import { CliError, readText } from './client.ts';
import type { Command } from './command.ts';
import { collectionId } from './people.ts';

/** `hradlo review`: who may read what, why, since when and when it was last of use; `--csv` for the whole as a table. */
export const review: Command = async ({ words, values, client, print }) => {
  if (words.length > 0)
    throw new CliError('hradlo review [--collection C] [--person ID] [--open] [--csv]', 2);
  const query = new URLSearchParams({ state: values.open ? 'open' : 'all' });
  if (values.collection) query.set('collectionId', await collectionId(client, values.collection));
  if (values.person) query.set('userId', values.person);
  if (values.csv) {
    const path = `/admin/v1/access-review/export?${query.toString()}`;
    print(await readText(await client.send('GET', path)));
    return;
  }
  for (let next: string | null = ''; next !== null;) {
    if (next !== '') query.set('after', next);
    const reply = await client.json('GET', `/admin/v1/access-review?${query.toString()}`);
    const page = ReviewResponse.parse(reply);
    for (const row of page.rows) print(toLine(row));
    ({ next } = page);
  }
};

function toLine(row: ReviewRowBody): string {
  const why = row.reasons.map(({ subject }) => subject ?? '').join(' ');
  const times = `since ${row.since ?? '?'}  used ${row.lastUsedAt ?? 'never'}`;
  const outdated = row.review?.isCurrent === false ? ' (outdated)' : '';
  const mark = row.review === null ? '' : `  ${row.review.verdict}${outdated}`;
  return `${row.userName}  ${row.collectionName}  ${row.targetId ?? row.kind}  ${why}  ${times}${mark}\n`;
}

/** `hradlo owner <collection> [add|remove <subject>]`: who answers for a collection. */
export const owner: Command = async ({ words, client, print }) => {
  const [collection, verb, subject] = words;
  if (collection === undefined || (verb !== undefined && subject === undefined))
    throw new CliError('hradlo owner <collection> [add|remove <subject>]', 2);
  const path = `/admin/v1/collections/${encodeURIComponent(await collectionId(client, collection))}/owners`;
  if (verb === 'add') await client.json('POST', path, { subject });
  else if (verb === 'remove')
    await client.json('DELETE', `${path}?subject=${encodeURIComponent(subject ?? '')}`);
  else if (verb !== undefined) throw new CliError('hradlo owner <collection> [add|remove <subject>]', 2);
  const { owners } = OwnersResponse.parse(await client.json('GET', path));
  for (const one of owners) print(`${one.subject}  since ${one.createdAt}\n`);
  if (owners.length === 0) print('Nobody but the administrators answers for it.\n');
};

/** `hradlo break-glass <version> --reason TEXT`: reads one text without a grant; the reason is recorded first. */
export const breakGlass: Command = async ({ words, values, client, print }) => {
  const [versionId] = words;
  if (versionId === undefined || values.reason === undefined)
    throw new CliError('hradlo break-glass <version> --reason TEXT [--tenant ID]', 2);
  const body = { versionId, reason: values.reason, ...(values.tenant && { tenantId: values.tenant }) };
  const passage = PassageResponse.parse(await client.json('POST', '/admin/v1/break-glass', body));
  print(`${passage.title}\n\n${passage.chunks.map(({ text }) => text).join('')}\n`);
};
