import { createPrivateKey, randomBytes, X509Certificate } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { makeSelfSigned, type CertifiedKey } from '#platform/index.ts';
import type { Parts } from './compose.ts';
import { ConfigError } from './config.ts';

const SERIAL_BYTES = 16;
const RENEW_BEFORE_MS = 30 * 24 * 60 * 60_000;

function readPem(path: string, flag: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    throw new ConfigError([`The file ${path} cannot be read. Check ${flag}.`]);
  }
}

/** Whether a certificate still names these hosts and is not about to end. */
function isGood(certificatePem: string, names: readonly string[], nowMs: number): boolean {
  const certificate = new X509Certificate(certificatePem);
  const named = certificate.subjectAltName ?? '';
  return (
    Date.parse(certificate.validTo) - nowMs > RENEW_BEFORE_MS &&
    names.every((name) => named.includes(`:${name}`) || certificate.checkIP(name) !== undefined)
  );
}

/** The certificate made here, kept in the data folder, so that browsers that trust it go on trusting it. */
function selfSigned({ config, installation, clock }: Parts): CertifiedKey {
  const host = config.listen.host;
  const isAny = host === '0.0.0.0' || host === '::';
  const names = [
    ...new Set([
      'localhost',
      '127.0.0.1',
      hostname().toLowerCase(),
      ...config.http.hosts,
      ...(isAny ? [] : [host]),
    ]),
  ];
  const keyPath = join(installation.folder, 'tls-self-signed.key');
  const certificatePath = join(installation.folder, 'tls-self-signed.crt');
  const nowMs = clock.nowMs();
  if (existsSync(keyPath) && existsSync(certificatePath)) {
    const certificatePem = readFileSync(certificatePath, 'utf8');
    if (isGood(certificatePem, names, nowMs))
      return { certificatePem, keyPem: readFileSync(keyPath, 'utf8') };
  }
  const made = makeSelfSigned(names, { serial: randomBytes(SERIAL_BYTES), nowMs });
  writeFileSync(keyPath, made.keyPem, { mode: 0o600 });
  writeFileSync(certificatePath, made.certificatePem);
  return made;
}

/** Key and certificate of the server; undefined when TLS does not end here. @throws {ConfigError} */
export function openTls(parts: Parts): CertifiedKey | undefined {
  const { mode, cert, key } = parts.config.tls;
  if (mode === 'self-signed') return selfSigned(parts);
  if (mode === 'off' || cert === undefined || key === undefined) return undefined;
  return checkPair({ certificatePem: readPem(cert, '--tls-cert'), keyPem: readPem(key, '--tls-key') });
}

/** @throws {ConfigError} when the key is not that of the certificate, or one of them cannot be read. */
function checkPair(certified: CertifiedKey): CertifiedKey {
  let isPair: boolean;
  try {
    const certificate = new X509Certificate(certified.certificatePem);
    isPair = certificate.checkPrivateKey(createPrivateKey(certified.keyPem));
  } catch {
    throw new ConfigError(['The certificate or its key is not PEM. Check --tls-cert and --tls-key.']);
  }
  if (!isPair)
    throw new ConfigError(['The key is not that of the certificate. Check --tls-cert and --tls-key.']);
  return certified;
}
