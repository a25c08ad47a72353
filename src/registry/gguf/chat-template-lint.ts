import { finding, type TemplateFinding } from './template-finding.ts';
import { nodesIn, parseTemplate, type TemplateNode } from './template-ast.ts';
import { boundRules } from './template-bounds.ts';
import { probeTemplate } from './template-probe.ts';
import { textRules } from './template-text.ts';
import { triggerRules } from './template-triggers.ts';

const CONSTRUCTS = new Set(
  (
    'Program If For Break Continue Set Macro Comment MemberExpression CallExpression Identifier IntegerLiteral ' +
    'FloatLiteral StringLiteral ArrayLiteral TupleLiteral ObjectLiteral BinaryExpression FilterExpression ' +
    'FilterStatement SelectExpression TestExpression UnaryExpression SliceExpression KeywordArgumentExpression ' +
    'Ternary CallStatement'
  ).split(' '),
);

/**
 * Judges a chat template before it is ever rendered for anybody. A template is a program that a model's publisher
 * runs on every conversation: it can plant text, wait for a word, or never end. Static rules first; what passes is
 * rendered on a small conversation and must add no prose of its own. Empty means: nothing found.
 */
export function lintChatTemplate(template: string): TemplateFinding[] {
  const program = parseTemplate(template);
  if (program === undefined) return [finding('not-a-template', template)];
  const findings = [
    ...constructRules(program),
    ...boundRules(program),
    ...triggerRules(program),
    ...textRules(program, template),
  ];
  return distinct(findings.length > 0 ? findings : probeTemplate(template));
}

function constructRules(program: TemplateNode): TemplateFinding[] {
  return [...nodesIn(program)]
    .filter((node) => !CONSTRUCTS.has(node.type))
    .map((node) => finding('unknown-construct', node.type));
}

function distinct(findings: readonly TemplateFinding[]): TemplateFinding[] {
  const byText = new Map(findings.map((each) => [`${each.rule} ${each.evidence}`, each]));
  return [...byText.values()].slice(0, 32);
}
