import { readFileSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { Egress } from '#platform/index.ts';
import { HubClient } from '#registry/index.ts';

/** Where models are fetched from, as it is configured. */
export interface HubSettings {
  readonly url: string;
  readonly tokenFile?: string | undefined;
  readonly retryPauseMs: number;
}

const TIMEOUTS = { connectMs: 5_000, firstByteMs: 30_000, idleMs: 30_000 };
const MAX_PAUSE_MS = 60_000;

/** The hub behind the way out. */
export function openHub({ url, tokenFile }: HubSettings, stack: AsyncDisposableStack): HubClient {
  const baseUrl = new URL(url);
  // A hub of one's own may lie inside; the public one, and where it redirects, may not.
  const isPublic = baseUrl.protocol === 'https:';
  const egress = stack.use(
    new Egress(
      isPublic ? { kind: 'public' } : { kind: 'named', origins: new Set([baseUrl.origin]) },
      TIMEOUTS,
    ),
  );
  const token = tokenFile === undefined ? undefined : readFileSync(tokenFile, 'utf8').trim();
  return new HubClient({ baseUrl, token, send: (call) => egress.send(call) });
}

/** Waits before another try: twice as long each time, up to a minute. */
export async function pauseBeforeRetry(
  { retryPauseMs }: HubSettings,
  attempt: number,
  signal: AbortSignal,
): Promise<void> {
  await setTimeout(Math.min(MAX_PAUSE_MS, (retryPauseMs * 2 ** attempt) / 2), undefined, { signal });
}
