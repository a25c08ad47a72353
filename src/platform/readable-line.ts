import { inspect } from 'node:util';

const MARKS: Readonly<Record<string, string>> = { error: '✗', warn: '!', info: ' ', debug: '·' };
/** Fields that tell a person at a terminal nothing. */
const MACHINE_FIELDS = new Set(['level', 'time', 'event', 'requestId', 'traceId', 'spanId']);

/** Anything, on one line and without control characters: what others sent must not steer the terminal. */
const show = (value: unknown): string =>
  typeof value === 'string' && /^[\w.:/@-]+$/.test(value)
    ? value
    : inspect(value, { breakLength: Infinity, compact: true, depth: 3 });

/** `17:02:35   document.read  outcome=read pages=3 2.3 s` of a line of the JSON log; a line of no JSON stays itself. */
export function toReadableLine(line: string): string {
  let fields: Record<string, unknown>;
  try {
    fields = JSON.parse(line);
  } catch {
    return line;
  }
  const { level, time, event, durationMs, error, ...rest } = fields;
  const parts = [
    new Date(String(time)).toTimeString().slice(0, 8),
    MARKS[String(level)] ?? ' ',
    String(event),
  ];
  for (const [name, value] of Object.entries(rest))
    if (!MACHINE_FIELDS.has(name)) parts.push(`${name}=${show(value)}`);
  if (typeof durationMs === 'number') parts.push(showDuration(durationMs));
  const stack = stackOf(error);
  return `${parts.join(' ')}\n${stack === '' ? '' : `${stack}\n`}`;
}

const showDuration = (ms: number): string =>
  ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`;

function stackOf(error: unknown): string {
  if (error === undefined) return '';
  const stack = typeof error === 'object' && error !== null && 'stack' in error ? error.stack : error;
  return typeof stack === 'string' ? stack : show(stack);
}
