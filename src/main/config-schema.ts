import { z } from 'zod';
import { EngineConfig } from '#engine/index.ts';

const MIB = 1024 * 1024;

/** Addresses that only this machine reaches. */
export function isLoopbackHost(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127\.\d+\.\d+\.\d+$/.test(host);
}

/** The whole configuration. Every field has a default; unknown keys are refused. */
const Shape = z.strictObject({
  listen: z
    .strictObject({
      host: z.string().min(1).default('127.0.0.1').describe('Address to listen on.'),
      port: z.coerce.number().int().min(0).max(65_535).default(7373).describe('Port; 0 picks a free one.'),
    })
    .prefault({}),
  data: z
    .strictObject({
      folder: z.string().min(1).default('data').describe('Folder for everything that is kept.'),
      synchronous: z
        .enum(['FULL', 'NORMAL'])
        .default('FULL')
        .describe('FULL: what was acknowledged survives a power cut. NORMAL does not; for tests only.'),
      reserveBytes: z.coerce
        .number()
        .int()
        .min(256 * 1024)
        .max(1024 * MIB)
        .default(16 * MIB)
        .describe('Room kept back, to end what was begun when the disk is full.'),
    })
    .prefault({}),
  keys: z
    .strictObject({
      masterFile: z
        .string()
        .default('')
        .describe(
          'File with the key that wraps the keys of people’s texts; by default one in the data folder.',
        ),
      masterCommand: z
        .array(z.string())
        .default([])
        .describe('Program and arguments that print that key in base64, instead of a file.'),
    })
    .prefault({}),
  audit: z
    .strictObject({
      checkpointFile: z
        .string()
        .default('')
        .describe(
          'File, best on another machine, to which signed checkpoints of the record are added; by default one beside the data folder.',
        ),
      checkpointStdout: z
        .union([z.boolean(), z.stringbool()])
        .default(false)
        .describe('Print signed checkpoints on standard output too.'),
    })
    .prefault({}),
  backup: z
    .strictObject({
      folder: z
        .string()
        .default('')
        .describe(
          'Folder for backups, best on another disk; empty for none. Copies and the log go there, sealed.',
        ),
      keyFile: z
        .string()
        .default('')
        .describe(
          'File with the key that seals backups, in base64; by default backup.key in the data folder.',
        ),
      copyEveryHours: z.coerce
        .number()
        .min(0.01)
        .default(24)
        .describe('Hours between whole copies; between them the log is kept up to date every ten seconds.'),
      keep: z.coerce.number().int().min(1).default(14).describe('Copies that are kept.'),
      verifyEveryHours: z.coerce
        .number()
        .min(0)
        .default(72)
        .describe(
          'Hours between tries to restore the backup into a scratch folder, compared with what is here; 0 for none.',
        ),
    })
    .prefault({}),
  answers: z
    .strictObject({
      contact: z
        .string()
        .max(500)
        .default('')
        .describe('Whom to ask when the documents do not answer: an address, a line; empty for nobody.'),
      contacts: z
        .array(z.strictObject({ collection: z.string().min(1), contact: z.string().min(1).max(500) }))
        .default([])
        .describe('The same for single collections: that of the nearest document counts.'),
    })
    .prefault({}),
  retention: z
    .strictObject({
      contentDays: z.coerce
        .number()
        .int()
        .min(1)
        .max(3650)
        .default(90)
        .describe('Days for which the texts of questions and answers are kept.'),
      deletedDocumentDays: z.coerce
        .number()
        .int()
        .min(0)
        .max(36_500)
        .default(365)
        .describe(
          'Days for which a deleted document still answers questions about the past; then it is erased for good.',
        ),
    })
    .prefault({}),
  log: z
    .strictObject({
      level: z
        .enum(['error', 'warn', 'info', 'debug', 'silent'])
        .default('info')
        .describe('Least level logged.'),
      format: z
        .enum(['auto', 'json', 'text'])
        .default('auto')
        .describe('Lines for machines or for people; auto: text on a terminal, JSON elsewhere.'),
    })
    .prefault({}),
  http: z
    .strictObject({
      bodyBytes: z.coerce
        .number()
        .int()
        .min(1024)
        .max(1024 * MIB)
        .default(4 * MIB)
        .describe('Largest request body.'),
      headersTimeoutMs: z.coerce
        .number()
        .int()
        .min(100)
        .default(10_000)
        .describe('Time to send all headers.'),
      requestTimeoutMs: z.coerce
        .number()
        .int()
        .min(100)
        .default(60_000)
        .describe('Time to send a whole request.'),
      keepAliveTimeoutMs: z.coerce
        .number()
        .int()
        .min(0)
        .default(75_000)
        .describe('Idle time of a connection.'),
      maxConnections: z.coerce.number().int().min(1).default(20_000).describe('Connections at once.'),
      hosts: z
        .union([z.array(z.string()), z.string().transform((text) => text.split(','))])
        .transform((names) => names.map((name) => name.trim().toLowerCase()).filter((name) => name !== ''))
        .default([])
        .describe('Names, besides localhost and plain addresses, under which the server is reached.'),
      behindProxy: z
        .union([z.boolean(), z.stringbool()])
        .default(false)
        .describe('A proxy of ours stands in front, ends TLS and notes the client in x-forwarded-for.'),
    })
    .prefault({}),
  tls: z
    .strictObject({
      mode: z
        .enum(['off', 'self-signed', 'files'])
        .optional()
        .describe('Where the certificate comes from: nowhere, made here, or the files cert and key.'),
      cert: z.string().min(1).optional().describe('File of the certificate chain, in PEM.'),
      key: z.string().min(1).optional().describe('File of the private key, in PEM.'),
    })
    .prefault({}),
  engine: EngineConfig.prefault({}),
  hub: z
    .strictObject({
      url: z
        .url({ protocol: /^https?$/ })
        .default('https://huggingface.co')
        .describe('Where "hradlo model pull" fetches model files.'),
      tokenFile: z
        .string()
        .min(1)
        .optional()
        .describe('File with a token for repositories that ask for one.'),
      offer: z
        .union([z.boolean(), z.stringbool()])
        .default(true)
        .describe(
          'Offer a model for this machine at the first setting-up; the hub is asked only on a click.',
        ),
      retryPauseMs: z.coerce
        .number()
        .int()
        .min(1)
        .default(1_000)
        .describe('Pause before a broken download goes on; doubled with every try that brings nothing.'),
    })
    .prefault({}),
  samples: z
    .strictObject({
      load: z
        .union([z.boolean(), z.stringbool()])
        .default(true)
        .describe('Load the sample documents into an empty installation.'),
    })
    .prefault({}),
});

type Parsed = z.infer<typeof Shape>;

/** How TLS is ended here: what is said, or files where files are named. */
function tlsModeOf({ tls }: Parsed): 'off' | 'self-signed' | 'files' {
  return tls.mode ?? (tls.cert !== undefined || tls.key !== undefined ? 'files' : 'off');
}

/** Passphrases and answers must not cross a network in the clear. */
const UNPROTECTED =
  'Beyond this machine Hradlo speaks only over TLS. Give it a certificate (--tls-cert FILE --tls-key FILE), ' +
  'let it make one (--tls self-signed), or put a proxy that ends TLS in front of it (--behind-proxy).';

export const ConfigSchema = Shape.superRefine((config, context) => {
  const mode = tlsModeOf(config);
  const fault = (path: string[], message: string) => context.addIssue({ code: 'custom', path, message });
  if (mode === 'files' && (config.tls.cert === undefined || config.tls.key === undefined))
    fault(['tls'], 'A certificate needs its key and a key its certificate: --tls-cert FILE --tls-key FILE.');
  if (mode === 'off' && !config.http.behindProxy && !isLoopbackHost(config.listen.host))
    fault(['listen', 'host'], UNPROTECTED);
}).transform((config) => ({ ...config, tls: { ...config.tls, mode: tlsModeOf(config) } }));

export type Config = z.infer<typeof ConfigSchema>;
