/** When to start a crashed process again. */
export interface RestartPolicy {
  readonly firstDelayMs: number;
  readonly mostDelayMs: number;
  /** Crashes within `windowMs` after which it is left alone for `restMs`. */
  readonly crashLimit: number;
  readonly windowMs: number;
  readonly restMs: number;
}

export const RESTART_POLICY: RestartPolicy = {
  firstDelayMs: 100,
  mostDelayMs: 10_000,
  crashLimit: 3,
  windowMs: 60_000,
  restMs: 60_000,
};

/**
 * How long to wait before the next start, given when it crashed before (monotonic milliseconds, oldest first, the
 * last one now): doubling with each crash in the window; a long rest when it crashes in a loop.
 */
export function restartDelay(
  crashesAtMs: readonly number[],
  policy: RestartPolicy,
): { delayMs: number; isLoop: boolean } {
  const nowMs = crashesAtMs.at(-1) ?? 0;
  const recent = crashesAtMs.filter((at) => nowMs - at <= policy.windowMs).length;
  if (recent >= policy.crashLimit) return { delayMs: policy.restMs, isLoop: true };
  const delayMs = Math.min(policy.mostDelayMs, policy.firstDelayMs * 2 ** Math.max(0, recent - 1));
  return { delayMs, isLoop: false };
}
