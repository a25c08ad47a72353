/** Given to a reader that is started to compile its code and not to read for anybody. */
export const REHEARSAL = '--rehearsal';

/** What goes before the bytes of a file. */
export interface ParseRequest {
  readonly fileName: string;
  /** Tried one after the other on an encrypted file. */
  readonly passwords: readonly string[];
  /** Hand out the files that this one carries. */
  readonly handsOut: boolean;
  /** Write the answer to the file for it too. */
  readonly keepsAnswer: boolean;
}

/** Reads the head of a request. @throws when it is not one: only our own parent writes them. */
export function readRequest(json: string): ParseRequest {
  const request: unknown = JSON.parse(json);
  if (typeof request !== 'object' || request === null) throw new TypeError('not a request');
  const { fileName, passwords, handsOut, keepsAnswer }: Record<string, unknown> = { ...request };
  if (typeof fileName !== 'string') throw new TypeError('a request without a name');
  return {
    fileName,
    passwords: Array.isArray(passwords) ? passwords.map(String) : [],
    handsOut: handsOut === true,
    keepsAnswer: keepsAnswer === true,
  };
}
