import { createHash, generateKeyPairSync, sign } from 'node:crypto';
import ipaddr from 'ipaddr.js';
import {
  bitString,
  boolean,
  explicit,
  implicit,
  integer,
  objectIdentifier,
  octetString,
  sequence,
  set,
  time,
  utf8String,
} from './der.ts';

/** A private key and its certificate, both in PEM. */
export interface CertifiedKey {
  readonly keyPem: string;
  readonly certificatePem: string;
}

const ECDSA_WITH_SHA256 = '1.2.840.10045.4.3.2';
const COMMON_NAME = '2.5.4.3';
const BASIC_CONSTRAINTS = '2.5.29.19';
const KEY_USAGE = '2.5.29.15';
const EXTENDED_KEY_USAGE = '2.5.29.37';
const SUBJECT_ALTERNATIVE_NAME = '2.5.29.17';
const SERVER_AUTHENTICATION = '1.3.6.1.5.5.7.3.1';
/** Browsers refuse server certificates that are valid longer. */
export const SELF_SIGNED_LIFETIME_MS = 397 * 24 * 60 * 60_000;
const CLOCK_SKEW_MS = 60 * 60_000;

/**
 * Makes a P-256 key and a certificate that it signs itself, for these host names and addresses.
 * @param serial 16 random bytes.
 * @see RFC 5280, section 4.1; RFC 5758, section 3.2.
 */
export function makeSelfSigned(
  names: readonly string[],
  { serial, nowMs }: { readonly serial: Uint8Array; readonly nowMs: number },
): CertifiedKey {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const algorithm = sequence(objectIdentifier(ECDSA_WITH_SHA256));
  const name = sequence(set(sequence(objectIdentifier(COMMON_NAME), utf8String('Hradlo'))));
  const toBeSigned = sequence(
    explicit(0, integer(Buffer.from([2]))),
    integer(serial),
    algorithm,
    name,
    sequence(time(nowMs - CLOCK_SKEW_MS), time(nowMs + SELF_SIGNED_LIFETIME_MS)),
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
    explicit(3, sequence(...extensions(names))),
  );
  const signature = sign('sha256', toBeSigned, privateKey);
  const certificate = sequence(toBeSigned, algorithm, bitString(signature));
  return {
    keyPem: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    certificatePem: toPem(certificate),
  };
}

function extensions(names: readonly string[]): Buffer[] {
  const extension = (id: string, value: Uint8Array, isCritical = false): Buffer =>
    sequence(objectIdentifier(id), ...(isCritical ? [boolean(true)] : []), octetString(value));
  return [
    // No authority: it may vouch for nothing but itself.
    extension(BASIC_CONSTRAINTS, sequence(), true),
    // Bit 0 alone: digital signature.
    extension(KEY_USAGE, bitString(Buffer.from([0x80]), 7), true),
    extension(EXTENDED_KEY_USAGE, sequence(objectIdentifier(SERVER_AUTHENTICATION))),
    extension(SUBJECT_ALTERNATIVE_NAME, sequence(...names.map(generalName))),
  ];
}

function generalName(name: string): Buffer {
  return ipaddr.isValid(name)
    ? implicit(7, Uint8Array.from(ipaddr.parse(name).toByteArray()))
    : implicit(2, Buffer.from(name, 'ascii'));
}

function toPem(der: Uint8Array): string {
  const lines =
    Buffer.from(der)
      .toString('base64')
      .match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`;
}

/** The SHA-256 fingerprint of a certificate, as browsers show it. */
export function fingerprintOf(certificatePem: string): string {
  const der = Buffer.from(certificatePem.replaceAll(/-----[^-]+-----|\s/g, ''), 'base64');
  const digest = createHash('sha256').update(der).digest('hex').toUpperCase();
  return digest.match(/../g)?.join(':') ?? '';
}
