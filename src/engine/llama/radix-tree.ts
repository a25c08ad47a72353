interface Node {
  /** Tokens on the way into this node. */
  label: readonly number[];
  readonly children: Map<number, Node>;
  /** Keys of every list that passes through or ends here. */
  readonly keys: Set<string>;
}

/**
 * Lists of tokens by their beginnings. Finding the longest beginning that any stored list shares with a new one
 * takes time in the length of the match, not in the number of lists.
 */
export class RadixTree {
  readonly #root: Node = { label: [], children: new Map(), keys: new Set() };

  insert(tokens: readonly number[], key: string): void {
    let node = this.#root;
    let at = 0;
    node.keys.add(key);
    while (at < tokens.length) {
      const next = node.children.get(tokens[at]!);
      if (next === undefined) {
        node.children.set(tokens[at]!, {
          label: tokens.slice(at),
          children: new Map(),
          keys: new Set([key]),
        });
        return;
      }
      const shared = sharedLength(next.label, tokens, at);
      const into = shared < next.label.length ? split(node, next, shared) : next;
      into.keys.add(key);
      at += shared;
      node = into;
    }
  }

  remove(tokens: readonly number[], key: string): void {
    let node = this.#root;
    let at = 0;
    node.keys.delete(key);
    while (at < tokens.length) {
      const next = node.children.get(tokens[at]!);
      if (next === undefined || !next.keys.delete(key)) return;
      if (next.keys.size === 0) {
        node.children.delete(tokens[at]!);
        return;
      }
      at += next.label.length;
      node = next;
    }
  }

  /** How many of the first tokens some stored list shares, and the keys of the lists that share them. */
  longestPrefix(tokens: readonly number[]): { readonly length: number; readonly keys: ReadonlySet<string> } {
    let node = this.#root;
    let at = 0;
    while (at < tokens.length) {
      const next = node.children.get(tokens[at]!);
      if (next === undefined) break;
      const shared = sharedLength(next.label, tokens, at);
      at += shared;
      node = next;
      if (shared < next.label.length) break;
    }
    return { length: at, keys: at === 0 ? new Set() : node.keys };
  }
}

function sharedLength(label: readonly number[], tokens: readonly number[], from: number): number {
  const most = Math.min(label.length, tokens.length - from);
  let length = 0;
  while (length < most && label[length] === tokens[from + length]) length += 1;
  return length;
}

/** Cuts an edge in two; returns the new node at the cut. */
function split(parent: Node, child: Node, length: number): Node {
  const upper: Node = {
    label: child.label.slice(0, length),
    children: new Map([[child.label[length]!, child]]),
    keys: new Set(child.keys),
  };
  parent.children.set(child.label[0]!, upper);
  child.label = child.label.slice(length);
  return upper;
}
