/**
 * What a guard step found. A guard that could not run has not passed: it throws `policy.unavailable`.
 * `rule` names what decided, for the record; `pass-through` when no guard is configured.
 */
export type Verdict =
  | { readonly action: 'allow'; readonly rule: string }
  | { readonly action: 'redact'; readonly rule: string; readonly text: string }
  | { readonly action: 'block'; readonly rule: string };

/** `shadow` records a verdict and lets everything pass. */
export type GuardMode = 'enforce' | 'shadow';

/** The verdict of a step that nothing is configured for. */
export const PASS_THROUGH: Verdict = { action: 'allow', rule: 'pass-through' };
