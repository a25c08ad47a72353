import { JobResponse } from '#wire/admin/index.ts';
import { CliError, type Client } from './client.ts';

const LOOK_EVERY_MS = 500;
const BYTES_PER_MB = 1_048_576;

function describe({ state, progress }: JobResponse): string {
  const stages = Object.entries(progress).map(([stage, { done, total }]) => {
    const share = total === null || total === 0 ? '' : ` ${Math.floor((100 * done) / total)} %`;
    return `${stage} ${(done / BYTES_PER_MB).toFixed(1)} MB${share}`;
  });
  return [state, ...stages].join('  ');
}

/**
 * Follows a job until it ends, saying how far it is whenever that changed. Stopping the command does not stop the
 * job. @throws {CliError} with the job's reason when it did not succeed.
 */
export async function followJob(client: Client, jobId: string, print: (text: string) => void): Promise<void> {
  let said = '';
  for (;;) {
    const job = JobResponse.parse(await client.json('GET', `/admin/v1/jobs/${encodeURIComponent(jobId)}`));
    const line = describe(job);
    if (line !== said) print(`${line}\n`);
    said = line;
    if (job.state === 'done') return;
    if (job.state === 'poisoned' || job.state === 'cancelled') {
      throw new CliError(job.reason?.message ?? `The job was ${job.state}.`, 3);
    }
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
}
