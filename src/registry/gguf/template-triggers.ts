import { finding, type TemplateFinding } from './template-finding.ts';
import {
  child,
  childList,
  literalsIn,
  namesIn,
  nodesIn,
  operatorOf,
  propertyName,
  valueOf,
  type TemplateNode,
} from './template-ast.ts';
import { TemplateTaint } from './template-taint.ts';

const COMPARISONS = new Set(['==', '!=', 'in', 'not in', '<', '>', '<=', '>=']);
const SEARCHES = new Set([
  'startswith',
  'endswith',
  'find',
  'rfind',
  'count',
  'index',
  'split',
  'rsplit',
  'replace',
]);
/** Words for the shape of a message part; asking for them is asking what kind of part it is. */
const SHAPE_WORDS = new Set(
  'text image image_url video audio type role content tool_calls arguments name input_text function'.split(
    ' ',
  ),
);
/** A control marker: `<think>`, `[INST]`, `</tool_call>`; or nothing but spaces and signs. */
const MARKER = /^\s*(?:[<[{|｜][^\s]{0,48}|[^\p{L}\p{N}]*)\s*$/u;

/** Behaviour that waits for a word, a length or a date in what people write: the shape of a backdoor. */
export function* triggerRules(program: TemplateNode): Generator<TemplateFinding> {
  const taint = new TemplateTaint(program);
  for (const node of nodesIn(program)) {
    const operands = comparedOperands(node);
    for (const trigger of triggersOf(operands, taint)) yield finding('conditional-on-content', trigger);
    if (isContentSelection(node)) yield finding('conditional-on-content', 'a selection by content');
    if (isComputedMember(node))
      yield finding('conditional-on-content', 'a member whose name is put together');
  }
}

/** What is compared with what: both sides of an operator, or the subject and the arguments of a search. */
function comparedOperands(node: TemplateNode): readonly TemplateNode[] {
  if (node.type === 'BinaryExpression')
    return COMPARISONS.has(operatorOf(node) ?? '') ? sides(child(node, 'left'), child(node, 'right')) : [];
  const [call, subject] = searchIn(node);
  return call === undefined ? [] : sides(subject, ...childList(call, 'args'));
}

/** The call and the subject of `x.find(…)` or `x | replace(…)`. */
function searchIn(node: TemplateNode): readonly [TemplateNode | undefined, TemplateNode | undefined] {
  const callee = node.type === 'CallExpression' ? child(node, 'callee') : undefined;
  if (callee?.type === 'MemberExpression')
    return SEARCHES.has(propertyName(callee) ?? '')
      ? [node, child(callee, 'object')]
      : [undefined, undefined];
  const filter = node.type === 'FilterExpression' ? child(node, 'filter') : undefined;
  const isSearch = filter?.type === 'CallExpression' && SEARCHES.has(valueOf(child(filter, 'callee')) ?? '');
  return isSearch ? [filter, child(node, 'operand')] : [undefined, undefined];
}

function sides(...nodes: readonly (TemplateNode | undefined)[]): TemplateNode[] {
  return nodes.filter((node) => node !== undefined);
}

function triggersOf(operands: readonly TemplateNode[], taint: TemplateTaint): string[] {
  const isAboutContent = operands.some((operand) => taint.isTainted(operand));
  if (!isAboutContent) return operands.length === 0 ? [] : lengthTriggers(operands);
  return operands
    .filter((operand) => !taint.isTainted(operand))
    .flatMap((operand) => [
      ...literalsIn(operand),
      ...namesIn(operand).flatMap((name) => taint.literalsOf(name)),
      ...numbersIn(operand).map(String),
    ])
    .filter((text) => !MARKER.test(text) && !SHAPE_WORDS.has(text) && !/^[01]$/.test(text));
}

/** `content | length > 500` waits too; 0 and 1 only ask whether there is anything. */
function lengthTriggers(operands: readonly TemplateNode[]): string[] {
  const isLength = operands.some(
    (operand) => operand.type === 'FilterExpression' && isLengthOfContent(operand),
  );
  return isLength
    ? operands
        .flatMap(numbersIn)
        .filter((number) => number > 1)
        .map(String)
    : [];
}

function isLengthOfContent(node: TemplateNode): boolean {
  const operand = child(node, 'operand');
  return valueOf(child(node, 'filter')) === 'length' && operand?.type === 'MemberExpression'
    ? propertyName(operand) === 'content'
    : false;
}

function numbersIn(node: TemplateNode): number[] {
  return [...nodesIn(node)].flatMap((each) => (typeof each['value'] === 'number' ? [each['value']] : []));
}

/** `selectattr('content', …)` and its kin. */
function isContentSelection(node: TemplateNode): boolean {
  const filter = node.type === 'FilterExpression' ? child(node, 'filter') : undefined;
  if (filter?.type !== 'CallExpression') return false;
  const name = valueOf(child(filter, 'callee')) ?? '';
  const [attribute, test] = childList(filter, 'args').map(valueOf);
  return (
    /^(?:select|reject)attr$/.test(name) && attribute === 'content' && test !== 'defined' && test !== 'none'
  );
}

/** `m['con' ~ 'tent']`: no honest template needs it, and it hides what is read. */
function isComputedMember(node: TemplateNode): boolean {
  const property = node.type === 'MemberExpression' ? child(node, 'property') : undefined;
  return property?.type === 'BinaryExpression' && literalsIn(property).length > 0;
}
