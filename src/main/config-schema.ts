import { z } from 'zod';
import { EngineConfig } from '#engine/index.ts';

const MIB = 1024 * 1024;

/** The whole configuration. Every field has a default; unknown keys are refused. */
export const ConfigSchema = z.strictObject({
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
  retention: z
    .strictObject({
      contentDays: z.coerce
        .number()
        .int()
        .min(1)
        .max(3650)
        .default(90)
        .describe('Days for which the texts of questions and answers are kept.'),
    })
    .prefault({}),
  log: z
    .strictObject({
      level: z
        .enum(['error', 'warn', 'info', 'debug', 'silent'])
        .default('info')
        .describe('Least level logged.'),
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
    })
    .prefault({}),
  engine: EngineConfig.prefault({}),
  samples: z
    .strictObject({
      load: z
        .union([z.boolean(), z.stringbool()])
        .default(true)
        .describe('Load the sample documents into an empty installation.'),
    })
    .prefault({}),
});

export type Config = z.infer<typeof ConfigSchema>;
