import { parse, tokenize } from '@huggingface/jinja';

/** A node of a template's syntax tree, read without trusting its shape. */
export interface TemplateNode {
  readonly type: string;
  readonly [field: string]: unknown;
}

export function isNode(value: unknown): value is TemplateNode {
  return typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string';
}

/** The tree of a template; undefined when it is not valid Jinja or too deeply nested to be read. */
export function parseTemplate(template: string): TemplateNode | undefined {
  try {
    const program: unknown = parse(tokenize(template, { lstrip_blocks: true, trim_blocks: true }));
    return isNode(program) ? program : undefined;
  } catch {
    // Whatever the parser dislikes, a stack that overflows included, is a template that we do not render.
    return undefined;
  }
}

/** The child of that name, if it is a node. */
export function child(node: TemplateNode, field: string): TemplateNode | undefined {
  const value = node[field];
  return isNode(value) ? value : undefined;
}

/** The children in a list field. */
export function childList(node: TemplateNode, field: string): TemplateNode[] {
  const value = node[field];
  return Array.isArray(value) ? value.filter(isNode) : [];
}

/** Every child, whatever the field. */
export function childrenOf(node: TemplateNode): TemplateNode[] {
  return Object.values(node).flatMap((value) => {
    if (isNode(value)) return isToken(value) ? [] : [value];
    if (Array.isArray(value)) return value.filter(isNode);
    if (value instanceof Map) return [...value].flat().filter(isNode);
    return [];
  });
}

/** The node and everything below it. */
export function* nodesIn(node: TemplateNode): Generator<TemplateNode> {
  yield node;
  for (const each of childrenOf(node)) yield* nodesIn(each);
}

/** The name of an identifier, the text of a literal, the operator of an operation. */
export function valueOf(node: TemplateNode | undefined): string | undefined {
  const value = node?.['value'];
  return typeof value === 'string' ? value : undefined;
}

/** The name of a property: `m.content`, `m['content']`; undefined when it is computed. */
export function propertyName(member: TemplateNode): string | undefined {
  const property = child(member, 'property');
  const isDynamic = member['computed'] === true && property?.type === 'Identifier';
  return isDynamic ? undefined : valueOf(property);
}

/** The string literals in an expression. */
export function literalsIn(node: TemplateNode): string[] {
  return [...nodesIn(node)].flatMap((each) => (each.type === 'StringLiteral' ? (valueOf(each) ?? []) : []));
}

/** The names that an expression uses. */
export function namesIn(node: TemplateNode): string[] {
  return [...nodesIn(node)].flatMap((each) => (each.type === 'Identifier' ? (valueOf(each) ?? []) : []));
}

function isToken(node: TemplateNode): boolean {
  return node.type.endsWith('Operator') || (node.type === 'Identifier' && !('constructor' in node));
}

/** The sign of an operation: `==`, `~`, `in`; undefined for other nodes. */
export function operatorOf(node: TemplateNode): string | undefined {
  const operator = node['operator'];
  const isToken = typeof operator === 'object' && operator !== null && 'value' in operator;
  return isToken && typeof operator.value === 'string' ? operator.value : undefined;
}
