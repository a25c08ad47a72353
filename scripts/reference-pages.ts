import { z } from 'zod';
import { ERROR_CODES } from '#core/index.ts';
import { PROBLEMS } from '../src/gateway/problem.ts';
import { ConfigSchema } from '../src/main/config-schema.ts';

const HEADER = 'Generated from the code by `npm run reference`; do not edit.\n\n';

function errorsPage(): string {
  const rows = ERROR_CODES.map((code) => {
    const { status, type, code: openai } = PROBLEMS[code];
    return `| \`${code}\` | ${status} | \`${type}\` | \`${openai}\` |`;
  });
  return `# Errors\n\n${HEADER}| code | status | OpenAI type | OpenAI code |\n|---|---|---|---|\n${rows.join('\n')}\n`;
}

interface JsonSchema {
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly description?: string;
  readonly default?: unknown;
  readonly type?: string;
  readonly enum?: readonly unknown[];
  readonly minimum?: number;
  readonly maximum?: number;
}

function fieldsOf(schema: JsonSchema, path: readonly string[]): string[] {
  if (schema.properties === undefined) return [fieldRow(schema, path)];
  return Object.entries(schema.properties).flatMap(([name, field]) => fieldsOf(field, [...path, name]));
}

function fieldRow(schema: JsonSchema, path: readonly string[]): string {
  const snake = (name: string) => name.replaceAll(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase();
  const variable = `HRADLO_${path.map(snake).join('__')}`;
  const range = [schema.minimum, schema.maximum === Number.MAX_SAFE_INTEGER ? undefined : schema.maximum];
  const limits = range.every((limit) => limit === undefined)
    ? ''
    : ` (${range[0] ?? ''} to ${range[1] ?? ''})`;
  const values = schema.enum ? schema.enum.map(String).join(', ') : `${schema.type ?? 'value'}${limits}`;
  const initial = schema.default === undefined ? '' : `\`${JSON.stringify(schema.default)}\``;
  return `| \`${path.join('.')}\` | ${values} | ${initial} | ${schema.description ?? ''} | \`${variable}\` |`;
}

function configPage(): string {
  const schema = z.toJSONSchema(ConfigSchema, { io: 'input', unrepresentable: 'any' }) as JsonSchema;
  const rows = fieldsOf(schema, []);
  const order =
    'Later wins: default, file (`--config FILE`, YAML), environment variable, flag (`--listen.port 8080`).';
  return `# Configuration\n\n${HEADER}${order}\n\n| key | value | default | what it does | variable |\n|---|---|---|---|---|\n${rows.join('\n')}\n`;
}

/** The pages of docs/reference by file name. */
export function referencePages(): Record<string, string> {
  return { 'errors.md': errorsPage(), 'config.md': configPage() };
}
