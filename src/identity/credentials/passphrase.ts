import { argon2, timingSafeEqual } from 'node:crypto';
import { AppError } from '#core/index.ts';

/** Random bytes, handed in. */
export type RandomBytes = (count: number) => Uint8Array;

// OWASP Password Storage Cheat Sheet: argon2id, 19 MiB, 2 passes, 1 lane.
const MEMORY_KIB = 19_456;
const PASSES = 2;
const LANES = 1;
const SALT_BYTES = 16;
const TAG_BYTES = 32;

const MIN_LENGTH = 12;
const MAX_LENGTH = 256;
const MIN_DISTINCT = 5;

/** One spelling for what people type on different keyboards. */
function normalize(passphrase: string): string {
  return passphrase.normalize('NFKC');
}

/**
 * Refuses what is guessed first. Length counts, kinds of characters do not (NIST SP 800-63B, 5.1.1.2).
 * @throws {AppError} input.invalid with the rule that fails.
 */
export function checkPassphrase(passphrase: string, userName: string): void {
  const text = normalize(passphrase);
  const refuse = (rule: string, message: string): never => {
    throw new AppError('input.invalid', message, { details: { rule } });
  };
  const length = Array.from(text).length;
  if (length < MIN_LENGTH) refuse('passphrase.short', `A passphrase has at least ${MIN_LENGTH} characters.`);
  if (length > MAX_LENGTH) refuse('passphrase.long', `A passphrase has at most ${MAX_LENGTH} characters.`);
  const folded = text.toLowerCase();
  if (new Set(folded).size < MIN_DISTINCT)
    refuse('passphrase.repeats', `A passphrase has at least ${MIN_DISTINCT} different characters.`);
  if (userName.length >= 3 && folded.includes(userName.toLowerCase()))
    refuse('passphrase.name', 'A passphrase does not contain the name of the account.');
  if (isSequence(folded))
    refuse('passphrase.sequence', 'A passphrase is not a row of neighbouring characters.');
}

/** Whether most steps go to a neighbouring character: `123456789012`, `abcdefghijkl`. */
function isSequence(text: string): boolean {
  const codes = Array.from(text, (character) => character.codePointAt(0) ?? 0);
  const steps = codes.slice(1).filter((code, index) => Math.abs(code - (codes[index] ?? 0)) <= 1).length;
  return steps >= codes.length * 0.8;
}

function derive(
  passphrase: string,
  salt: Uint8Array,
  cost: { memory: number; passes: number; lanes: number },
): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    argon2(
      'argon2id',
      {
        message: normalize(passphrase),
        nonce: salt,
        parallelism: cost.lanes,
        tagLength: TAG_BYTES,
        memory: cost.memory,
        passes: cost.passes,
      },
      (error, tag) => (error ? reject(error) : resolve(tag)),
    );
  });
}

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64').replace(/=+$/, '');

/** Hashes with argon2id off the main loop; the result is a PHC string that names its own cost. */
export async function hashPassphrase(passphrase: string, random: RandomBytes): Promise<string> {
  const salt = random(SALT_BYTES);
  const tag = await derive(passphrase, salt, { memory: MEMORY_KIB, passes: PASSES, lanes: LANES });
  return `$argon2id$v=19$m=${MEMORY_KIB},t=${PASSES},p=${LANES}$${base64(salt)}$${base64(tag)}`;
}

const PHC = /^\$argon2id\$v=19\$m=(\d{1,7}),t=(\d{1,2}),p=(\d{1,2})\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]+)$/;

/**
 * Whether the passphrase made this hash. An unknown account is checked against a hash of nothing, so that it
 * takes as long as a known one.
 */
export async function verifyPassphrase(passphrase: string, hash: string | undefined): Promise<boolean> {
  const match = PHC.exec(hash ?? '');
  const [, memory = MEMORY_KIB, passes = PASSES, lanes = LANES, salt = '', tag = ''] = match ?? [];
  const cost = { memory: Number(memory), passes: Number(passes), lanes: Number(lanes) };
  const saltBytes = match ? Buffer.from(salt, 'base64') : Buffer.alloc(SALT_BYTES);
  const derived = await derive(passphrase.slice(0, MAX_LENGTH * 2), saltBytes, cost);
  const expected = Buffer.from(tag, 'base64');
  return match !== null && expected.length === derived.length && timingSafeEqual(derived, expected);
}
