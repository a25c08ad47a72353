/** A file of a repository of the hub: `hf:org/repo/path/file.gguf`, or with `@revision` at its end. */
export interface HubReference {
  readonly repository: string;
  readonly path: string;
  readonly revision: string;
}

const REFERENCE =
  /^hf:([A-Za-z0-9][\w.-]{0,95}\/[A-Za-z0-9][\w.-]{0,95})\/((?:[\w.-]{1,200}\/){0,8}[\w.-]{1,200}\.gguf)(?:@([\w./-]{1,200}))?$/;

/** Reads a reference; undefined when it is not one. Its parts may stand in a path: `..` is not one. */
export function parseHubReference(text: string): HubReference | undefined {
  const match = REFERENCE.exec(text);
  if (match === null || /(^|[/@])\.{1,2}(\/|$)/.test(text.slice('hf:'.length))) return undefined;
  const [, repository = '', path = '', revision = 'main'] = match;
  return { repository, path, revision };
}
