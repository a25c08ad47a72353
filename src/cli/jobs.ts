import { JobResponse, JobsResponse } from '#wire/admin/index.ts';
import { CliError } from './client.ts';
import type { Command } from './command.ts';

const ACTIONS = ['cancel', 'pause', 'resume', 'retry'];

function toLine(job: JobResponse): string {
  const stages = Object.entries(job.progress).map(
    ([stage, { done, total }]) => `${stage} ${done}${total === null ? '' : `/${total}`}`,
  );
  const reason = job.reason === null ? '' : `  ${job.reason.message}`;
  const document = job.document === null ? '' : `  ${job.document.title}`;
  return `${job.id}  ${job.state.padEnd(9)}  ${job.kind}${document}  ${stages.join(', ')}${reason}\n`;
}

/** `hradlo jobs`: what is under way; `hradlo jobs cancel|pause|resume|retry <id>`. */
export const jobs: Command = async ({ words, values, client, print }) => {
  const [action, id] = words;
  if (action === undefined) {
    const body = await client.json('GET', '/admin/v1/jobs');
    if (values.json) return print(`${JSON.stringify(body, null, 2)}\n`);
    for (const job of JobsResponse.parse(body).jobs) print(toLine(job));
    return;
  }
  if (!ACTIONS.includes(action) || id === undefined)
    throw new CliError('hradlo jobs [cancel|pause|resume|retry <id>]', 2);
  const body = await client.json('POST', `/admin/v1/jobs/${encodeURIComponent(id)}/${action}`, {});
  print(values.json ? `${JSON.stringify(body, null, 2)}\n` : toLine(JobResponse.parse(body)));
};
