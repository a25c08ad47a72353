import { pino, type DestinationStream } from 'pino';
import { toReadableLine } from './readable-line.ts';
import { currentTrace } from './tracer.ts';

/** Values that a log line may carry: names, numbers, ids. Never a question, an answer, a chunk, a secret. */
export type LogFields = Readonly<Record<string, string | number | boolean | undefined | readonly string[]>>;
/** Fields with what went wrong: an Error's message and stack are logged, its details are not. */
export type FailureFields = Readonly<Record<string, unknown>> & { readonly error: unknown };

/** The event's name is the message (`server.ready`); the rest are fields. */
export interface Logger {
  error(fields: LogFields | FailureFields, event: string): void;
  warn(fields: LogFields | FailureFields, event: string): void;
  info(fields: LogFields, event: string): void;
  debug(fields: LogFields, event: string): void;
}

export type LogLevel = 'error' | 'warn' | 'info' | 'debug' | 'silent';

export interface LogTarget {
  readonly format?: LogFormat;
  /** Standard output by default. */
  readonly destination?: NodeJS.WritableStream;
}

/** Lines for machines, or for somebody who watches a terminal. */
export type LogFormat = 'json' | 'text';

const readable = (destination: NodeJS.WritableStream): DestinationStream => ({
  write: (line) => void destination.write(toReadableLine(line)),
});

/** One line per event on standard output; request and trace ids are added by themselves. */
export function createLogger(
  level: LogLevel,
  { format = 'json', destination = process.stdout }: LogTarget = {},
): Logger {
  const root = pino(
    {
      level,
      base: null,
      messageKey: 'event',
      formatters: { level: (label) => ({ level: label }) },
      timestamp: () => `,"time":"${new Date().toISOString()}"`,
      mixin: () => currentTrace() ?? {},
      serializers: { error: pino.stdSerializers.err },
    },
    format === 'text' ? readable(destination) : destination,
  );
  return {
    error: (fields, event) => root.error(fields, event),
    warn: (fields, event) => root.warn(fields, event),
    info: (fields, event) => root.info(fields, event),
    debug: (fields, event) => root.debug(fields, event),
  };
}
