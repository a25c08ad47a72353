import { finding, type TemplateFinding } from './template-finding.ts';
import {
  child,
  operatorOf,
  childList,
  childrenOf,
  nodesIn,
  valueOf,
  namesIn,
  type TemplateNode,
} from './template-ast.ts';
import { targetName } from './template-taint.ts';

const MAX_LOOP_DEPTH = 4;
const MAX_RANGE = 1_024;
/** Rounds of nested fixed ranges together. */
const MAX_FIXED_ROUNDS = 4_096;
const GROWING_FILTERS = new Set(['replace', 'indent', 'join', 'center', 'format', 'batch', 'slice']);

/** Work that could be made endless: large or nested ranges, recursion, text that multiplies itself. */
export function boundRules(program: TemplateNode): TemplateFinding[] {
  return [...walkLoops(program, { depth: 0, rounds: 1 }), ...recursion(program), ...largeNumbers(program)];
}

interface Nesting {
  readonly depth: number;
  readonly rounds: number;
}

function* walkLoops(node: TemplateNode, nesting: Nesting): Generator<TemplateFinding> {
  const inner = node.type === 'For' ? insideLoop(node, nesting) : nesting;
  if (inner.depth > MAX_LOOP_DEPTH) yield finding('unbounded-work', `loops ${inner.depth} deep`);
  if (inner !== nesting && inner.rounds > MAX_FIXED_ROUNDS)
    yield finding('unbounded-work', `a loop of ${inner.rounds} rounds`);
  if (node.type === 'Set' && doubles(child(node, 'value')))
    yield finding('unbounded-work', `${targetName(child(node, 'assignee'))} is something twice`);
  if (node.type === 'Set' && nesting.depth > 0 && growsItself(node))
    yield finding('unbounded-work', `${targetName(child(node, 'assignee'))} multiplies itself in a loop`);
  for (const each of childrenOf(node)) yield* walkLoops(each, inner);
}

function insideLoop(node: TemplateNode, outer: Nesting): Nesting {
  return { depth: outer.depth + 1, rounds: outer.rounds * (rangeBound(child(node, 'iterable')) ?? 1) };
}

/** Numbers and products that only make sense for counting far: they may reach a range through a variable. */
function* largeNumbers(program: TemplateNode): Generator<TemplateFinding> {
  for (const node of nodesIn(program)) {
    const value = node['value'];
    if (typeof value === 'number' && Math.abs(value) > MAX_RANGE * 4)
      yield finding('unbounded-work', String(value));
    const symbol = operatorOf(node);
    if (symbol === '**' || symbol === '*') yield finding('unbounded-work', `a product (${symbol})`);
  }
}

/** The most rounds of `range(…)`: its largest literal. Undefined when it is no range or only counts its input. */
function rangeBound(node: TemplateNode | undefined): number | undefined {
  if (node?.type !== 'CallExpression' || valueOf(child(node, 'callee')) !== 'range') return undefined;
  const inside = childList(node, 'args').flatMap((argument) => [...nodesIn(argument)]);
  const numbers = inside.flatMap((each) =>
    typeof each['value'] === 'number' ? [Math.abs(each['value'])] : [],
  );
  return Math.max(1, ...numbers);
}

/** Whether an assignment can make its text grow by a factor: joined with itself, repeated in a list, or replaced into. */
function growsItself(node: TemplateNode): boolean {
  const value = child(node, 'value');
  const name = targetName(child(node, 'assignee'));
  if (value === undefined || name === undefined) return false;
  const mentions = (each: TemplateNode | undefined) => each !== undefined && namesIn(each).includes(name);
  return [...nodesIn(value)].some((each) => {
    const symbol = operatorOf(each);
    if (symbol === '+' || symbol === '~')
      return mentions(child(each, 'left')) && mentions(child(each, 'right'));
    if (each.type === 'ArrayLiteral') return childList(each, 'value').filter(mentions).length > 1;
    const isOperation = each.type === 'FilterExpression' || each.type === 'CallExpression';
    return isOperation && GROWING_FILTERS.has(operationName(each)) && mentions(each);
  });
}

/** `a ~ a`: thirty of these in a row make a gigabyte. Members such as `m.role ~ m.content` are two things. */
function doubles(value: TemplateNode | undefined): boolean {
  if (value === undefined) return false;
  return [...nodesIn(value)].some((each) => {
    const symbol = operatorOf(each);
    const [left, right] = [child(each, 'left'), child(each, 'right')];
    if ((symbol !== '+' && symbol !== '~') || left === undefined || right === undefined) return false;
    const names = new Set(bareNames(left));
    return bareNames(right).some((name) => names.has(name));
  });
}

function bareNames(node: TemplateNode): string[] {
  if (node.type === 'MemberExpression' || node.type === 'Ternary') return [];
  if (node.type === 'Identifier') return [valueOf(node) ?? ''];
  return childrenOf(node).flatMap(bareNames);
}

function operationName(node: TemplateNode): string {
  const target = child(node, 'filter') ?? child(node, 'callee');
  if (target === undefined) return '';
  const callee = child(target, 'callee') ?? target;
  return valueOf(callee) ?? valueOf(child(callee, 'property')) ?? '';
}

/** Macros that call themselves, directly or around a corner. */
function* recursion(program: TemplateNode): Generator<TemplateFinding> {
  const macros = new Map<string, TemplateNode>();
  for (const node of nodesIn(program)) {
    if (node.type === 'Macro') macros.set(valueOf(child(node, 'name')) ?? '', node);
  }
  const calls = new Map([...macros].map(([name, macro]) => [name, calledIn(macro, macros)]));
  for (const name of macros.keys()) {
    if (reaches(name, name, calls, new Set())) yield finding('unbounded-work', `macro ${name} calls itself`);
  }
}

function calledIn(macro: TemplateNode, macros: ReadonlyMap<string, TemplateNode>): string[] {
  return childList(macro, 'body')
    .flatMap((each) => [...nodesIn(each)])
    .filter((each) => each.type === 'CallExpression')
    .map((each) => valueOf(child(each, 'callee')) ?? '')
    .filter((name) => macros.has(name));
}

function reaches(from: string, to: string, calls: ReadonlyMap<string, string[]>, seen: Set<string>): boolean {
  for (const next of calls.get(from) ?? []) {
    if (next === to) return true;
    if (seen.has(next)) continue;
    seen.add(next);
    if (reaches(next, to, calls, seen)) return true;
  }
  return false;
}
