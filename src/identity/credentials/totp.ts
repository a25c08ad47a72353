import { createHmac, timingSafeEqual } from 'node:crypto';

const STEP_SECONDS = 30;
const DIGITS = 6;
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** RFC 4648 base 32 without padding: how authenticator programs take a secret. */
export function encodeBase32(bytes: Uint8Array): string {
  let bits = 0;
  let value = 0;
  let text = '';
  for (const byte of bytes) {
    value = (value << 8) | byte;
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      text += ALPHABET.charAt((value >>> bits) & 31);
      value &= (1 << bits) - 1;
    }
  }
  return bits > 0 ? text + ALPHABET.charAt((value << (5 - bits)) & 31) : text;
}

/** The one-time code of a counter. @see RFC 4226, section 5.3. */
export function hotp(secret: Uint8Array, counter: number, digits = DIGITS, algorithm = 'sha1'): string {
  const message = Buffer.alloc(8);
  message.writeBigUInt64BE(BigInt(counter));
  const digest = createHmac(algorithm, secret).update(message).digest();
  const offset = (digest.at(-1) ?? 0) & 15;
  const code = (digest.readUInt32BE(offset) & 0x7fff_ffff) % 10 ** digits;
  return String(code).padStart(digits, '0');
}

/** The step of 30 seconds that a time falls into. @see RFC 6238, section 4.2. */
export function totpStep(atMs: number): number {
  return Math.floor(atMs / 1000 / STEP_SECONDS);
}

/**
 * The step that a code belongs to, within one step of the clock either way; undefined when it is wrong or not
 * newer than `lastStep`: a code counts once. The caller stores the step.
 */
export function verifyTotp(
  secret: Uint8Array,
  code: string,
  clock: { readonly nowMs: number; readonly lastStep: number },
): number | undefined {
  if (!/^\d{6}$/.test(code)) return undefined;
  const now = totpStep(clock.nowMs);
  let found: number | undefined;
  for (const step of [now - 1, now, now + 1]) {
    // All three are computed, so that the time taken does not say which one it was.
    const isEqual = timingSafeEqual(Buffer.from(hotp(secret, Math.max(step, 0))), Buffer.from(code));
    if (isEqual && step > clock.lastStep) found = step;
  }
  return found;
}

/** What an authenticator program reads from a QR code. */
export function totpUri(secret: Uint8Array, account: string, issuer: string): string {
  const label = `${encodeURIComponent(issuer)}:${encodeURIComponent(account)}`;
  const query = new URLSearchParams({ secret: encodeBase32(secret), issuer, algorithm: 'SHA1', digits: '6' });
  return `otpauth://totp/${label}?${query.toString()}&period=${STEP_SECONDS}`;
}
