import { setTimeout } from 'node:timers/promises';
import type { Visitor } from './visitor.ts';

const PATIENCE_MS = 300_000;
const LOOK_MS = 250;

/** Waits until every sample was looked at; the server goes on reading after it is ready. */
export async function untilRead(administrator: Visitor): Promise<void> {
  const startedAt = performance.now();
  const count = async (kind: string, state: string): Promise<number> => {
    const { jobs } = await administrator.expect(200, 'GET', `/admin/v1/jobs?kind=${kind}&state=${state}`);
    return (jobs as readonly object[]).length;
  };
  while (performance.now() - startedAt < PATIENCE_MS) {
    let open = 0;
    for (const kind of ['source.scan', 'document.ingest'])
      for (const state of ['queued', 'running']) open += await count(kind, state);
    if (open === 0) return;
    await setTimeout(LOOK_MS);
  }
}
