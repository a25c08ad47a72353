import { child, childList, nodesIn, propertyName, valueOf, type TemplateNode } from './template-ast.ts';

/** Members that hold what somebody wrote. */
const CONTENT = new Set(['content', 'text', 'reasoning_content', 'reasoning', 'thinking', 'arguments']);
/** Members that hold the shape of a conversation; comparing them is what templates are for. */
const STRUCTURE = new Set([
  'role',
  'type',
  'name',
  'id',
  'tool_call_id',
  'recipient',
  'channel',
  'index',
  'length',
]);
/** Filters and methods whose result is about the shape, not the words. */
const SHAPE_FILTERS = new Set(['length', 'count']);
const CLOCK = 'strftime_now';

/**
 * Follows what people wrote, and the time of day, through the variables of a template. `isTainted(e)` says whether
 * the value of an expression can depend on them. Flow-insensitive: once tainted, a name stays so.
 */
export class TemplateTaint {
  readonly #tainted = new Set<string>();
  readonly #literals = new Map<string, string[]>();

  constructor(program: TemplateNode) {
    const nodes = [...nodesIn(program)];
    let size = -1;
    // Each round can only add names, so this ends; templates settle in two or three.
    while (size !== this.#tainted.size) {
      size = this.#tainted.size;
      for (const node of nodes) this.#learn(node);
    }
  }

  isTainted(node: TemplateNode): boolean {
    switch (node.type) {
      case 'Identifier':
        return this.#tainted.has(valueOf(node) ?? '');
      case 'MemberExpression':
        return this.#isMemberTainted(node);
      case 'FilterExpression': {
        const filter = child(node, 'filter');
        const name = valueOf(filter) ?? valueOf(filter && child(filter, 'callee'));
        return !SHAPE_FILTERS.has(name ?? '') && this.#isBelow(node);
      }
      case 'CallExpression':
        return valueOf(child(node, 'callee')) === CLOCK || this.#isBelow(node);
      case 'TestExpression':
        return false;
      default:
        return this.#isBelow(node);
    }
  }

  /** Texts that a name was set to; a trigger word may hide behind a variable. */
  literalsOf(name: string): readonly string[] {
    return this.#literals.get(name) ?? [];
  }

  #isMemberTainted(node: TemplateNode): boolean {
    const name = propertyName(node);
    if (name !== undefined && STRUCTURE.has(name)) return false;
    if (name !== undefined && CONTENT.has(name)) return true;
    const object = child(node, 'object');
    return object !== undefined && this.isTainted(object);
  }

  #isBelow(node: TemplateNode): boolean {
    const fields = Object.values(node).flatMap((value) =>
      value instanceof Map ? [...value].flat() : [value].flat(),
    );
    return fields.some((value) => isExpression(value) && this.isTainted(value));
  }

  #learn(node: TemplateNode): void {
    if (node.type === 'Set') this.#learnSet(node);
    if (node.type === 'For') this.#learnLoop(node);
  }

  #learnSet(node: TemplateNode): void {
    const value = child(node, 'value');
    const name = targetName(child(node, 'assignee'));
    if (name === undefined) return;
    const sources = value === undefined ? childList(node, 'body') : [value];
    if (sources.some((each) => this.isTainted(each))) this.#tainted.add(name);
    const literal = value?.type === 'StringLiteral' ? valueOf(value) : undefined;
    if (literal !== undefined && !this.literalsOf(name).includes(literal))
      this.#literals.set(name, [...this.literalsOf(name), literal]);
  }

  #learnLoop(node: TemplateNode): void {
    const iterable = child(node, 'iterable');
    const target = child(node, 'loopvar');
    if (iterable === undefined || target === undefined || !this.isTainted(iterable)) return;
    for (const each of nodesIn(target)) {
      if (each.type === 'Identifier') this.#tainted.add(valueOf(each) ?? '');
    }
  }
}

function isExpression(value: unknown): value is TemplateNode {
  return typeof value === 'object' && value !== null && 'type' in value;
}

/** The name that an assignment changes: `x`, or `ns.x` by its last part. */
export function targetName(assignee: TemplateNode | undefined): string | undefined {
  return assignee?.type === 'MemberExpression' ? propertyName(assignee) : valueOf(assignee);
}
