import { SnapshotResponse, SnapshotsResponse } from '#wire/admin/index.ts';
import { RetrieveResponse } from '#wire/hradlo/index.ts';
import { CliError } from './client.ts';
import type { Command } from './command.ts';

const USAGE = 'hradlo snapshot [create [LABEL] | search <id> "<question>"]';

const toLine = ({ id, createdAt, chunks, extraBytes, label }: SnapshotResponse): string =>
  `${id}  ${createdAt}  ${chunks} chunks, ${extraBytes} bytes of its own  ${label}\n`;

/** `hradlo snapshot`: which there are; `snapshot create [LABEL]`; `snapshot search <id> "<question>"`. */
export const snapshot: Command = async ({ words, values, client, print }) => {
  const [action = 'list', ...rest] = words;
  if (action === 'create') {
    const body = await client.json('POST', '/admin/v1/snapshots', { label: rest.join(' ') });
    return print(values.json ? `${JSON.stringify(body, null, 2)}\n` : toLine(SnapshotResponse.parse(body)));
  }
  if (action === 'list') {
    const body = await client.json('GET', '/admin/v1/snapshots');
    if (values.json) return print(`${JSON.stringify(body, null, 2)}\n`);
    for (const one of SnapshotsResponse.parse(body).snapshots) print(toLine(one));
    return;
  }
  const [id, question] = rest;
  if (action !== 'search' || id === undefined || question === undefined) throw new CliError(USAGE, 2);
  const body = await client.json('POST', '/hradlo/v1/retrieve', { question, snapshot: id });
  if (values.json) return print(`${JSON.stringify(body, null, 2)}\n`);
  for (const { score, title, headingPath, chunkId } of RetrieveResponse.parse(body).evidence) {
    print(`${score}  ${[title, ...headingPath].join(' › ')}  ${chunkId}\n`);
  }
};
