/** Something in a chat template that a template should not do. `evidence` is a short part of the template. */
export interface TemplateFinding {
  readonly rule:
    | 'not-a-template'
    | 'unknown-construct'
    | 'unbounded-work'
    | 'conditional-on-content'
    | 'hidden-text'
    | 'instruction'
    | 'address'
    | 'invisible-characters'
    | 'unstable-output';
  readonly evidence: string;
}

/** A finding with its evidence cut to a line that can be shown. */
export function finding(rule: TemplateFinding['rule'], evidence: string): TemplateFinding {
  return { rule, evidence: evidence.replaceAll(/\s+/g, ' ').trim().slice(0, 120) };
}
