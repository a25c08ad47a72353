/** Time, handed in. `nowMs` is wall time since 1970 (may jump); `monotonicMs` only grows: use it for limits. */
export interface Clock {
  nowMs(): number;
  monotonicMs(): number;
}
