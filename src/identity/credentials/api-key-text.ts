import { crc32 } from 'node:zlib';
import { parseId, type ApiKeyId } from '#core/index.ts';
import type { RandomBytes } from './passphrase.ts';

/** Begins every key, so that scanners of leaked secrets know one when they see it. */
const MARK = 'hrk';
const SECRET_BYTES = 32;
const TEXT = /^hrk_([0-9a-hjkmnp-tv-z]{26})_([A-Za-z0-9-]{43,64})_([0-9a-f]{8})$/;

export interface ParsedApiKey {
  readonly keyId: ApiKeyId;
  readonly secret: string;
}

const checksumOf = (body: string): string => crc32(body).toString(16).padStart(8, '0');

/** Writes a new key as `hrk_<id>_<secret of 256 bits>_<crc32>`. It is shown once and never kept. */
export function makeApiKeyText(keyId: ApiKeyId, random: RandomBytes): { text: string; secret: string } {
  // Hexadecimal, because an underscore inside would end a double-click selection and split the parts.
  const secret = Buffer.from(random(SECRET_BYTES)).toString('hex');
  const body = `${MARK}_${keyId.slice(keyId.indexOf('_') + 1)}_${secret}`;
  return { text: `${body}_${checksumOf(body)}`, secret };
}

/** Reads a key; undefined when it is none. The checksum catches typing errors before any look-up. */
export function parseApiKeyText(text: string): ParsedApiKey | undefined {
  const match = TEXT.exec(text);
  if (match === null) return undefined;
  const [, id = '', secret = '', checksum = ''] = match;
  if (checksumOf(text.slice(0, text.lastIndexOf('_'))) !== checksum) return undefined;
  const keyId = parseId('key', `key_${id}`);
  return keyId && { keyId, secret };
}
