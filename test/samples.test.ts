import assert from 'node:assert/strict';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { parse } from 'yaml';
import { makeSamples } from '../scripts/sample-documents/make.ts';
import { textOf } from '../scripts/sample-documents/source.ts';
import { root } from '../scripts/steps.ts';

const CORPUS = join(root, 'samples/corpus');
const VERSIONS = join(CORPUS, '.versions');

interface Question {
  readonly id: string;
  readonly question: string;
  readonly language: 'cs' | 'en';
  readonly kind: 'answerable' | 'unanswerable' | 'swapped' | 'as-of' | 'restricted';
  readonly document?: string;
  readonly heading?: string;
  readonly answer?: string;
  readonly page?: number;
  readonly asOf?: string;
  readonly principal?: { readonly groups: readonly string[] };
  readonly set?: string;
  readonly half: 'calibrate' | 'report';
}

interface Sidecar {
  readonly id: string;
  readonly title: string;
  readonly 'valid-from': string;
  readonly 'valid-to'?: string;
  readonly grants: readonly {
    readonly everyone?: boolean;
    readonly group?: string;
    readonly right: string;
  }[];
}

const questions = readFileSync(join(root, 'samples/questions.jsonl'), 'utf8')
  .trimEnd()
  .split('\n')
  .map((line): Question => JSON.parse(line));
const samples = makeSamples(root);
const files = [...globSync('**/*', { cwd: CORPUS }), ...globSync('.versions/**/*', { cwd: CORPUS })].filter(
  (file) => /\.(md|pdf|docx|xlsx|html)$/.test(file),
);
const documents = [...new Set(files)];

const sidecarOf = (file: string): Sidecar => parse(readFileSync(join(CORPUS, `${file}.hradlo.yaml`), 'utf8'));

const ENTITIES: Readonly<Record<string, string>> = { '&nbsp;': ' ', '&amp;': '&', '&lt;': '<', '&gt;': '>' };

/** The text of a document of the corpus as a reader sees it; table cells are joined by one space. */
function readText(file: string): string {
  const sample = samples.find(({ path }) => path === file);
  if (sample) return sample.source.blocks.map(textOf).join('\n');
  const source = readFileSync(join(CORPUS, file), 'utf8');
  const plain = file.endsWith('.html')
    ? source.replace(/<[^>]+>/g, '').replace(/&\w+;/g, (entity) => ENTITIES[entity] ?? entity)
    : source.replace(/^#+ /gm, '').replace(/ *\| */g, ' ');
  return plain.replace(/ +/g, ' ');
}

/** The headings of a document, each with its level. */
function readHeadings(file: string): { level: number; text: string }[] {
  const sample = samples.find(({ path }) => path === file);
  if (sample) return sample.source.blocks.filter((block) => block.kind === 'heading');
  const source = readFileSync(join(CORPUS, file), 'utf8');
  const pattern = file.endsWith('.html') ? /<h([1-3])>(.+?)<\/h\1>/g : /^(#{1,3}) (.+)$/gm;
  return [...source.matchAll(pattern)].map((match) => ({
    level: Number.isNaN(Number(match[1])) ? match[1]!.length : Number(match[1]),
    text: match[2]!,
  }));
}

/** The file of the version that held on a day, or of the version in force. */
function versionOn(document: string, day: string | undefined): string {
  if (day === undefined) return document;
  const versions = [
    document,
    ...globSync(`*/${document}`, { cwd: VERSIONS }).map((file) => join('.versions', file)),
  ];
  const holding = versions.filter((file) => {
    const sidecar = sidecarOf(file);
    return sidecar['valid-from'] <= day && day <= (sidecar['valid-to'] ?? '9999-12-31');
  });
  assert.equal(holding.length, 1, `${document} has one version on ${day}`);
  return holding[0]!;
}

test('every answer of the sample questions stands word for word in its document', () => {
  const asked = questions.filter(({ kind }) => kind !== 'unanswerable' && kind !== 'swapped');
  assert.ok(asked.length > 0);
  for (const { id, document, answer, asOf } of asked) {
    assert.ok(answer && document, id);
    assert.ok(readText(versionOn(document, asOf)).includes(answer), `${id}: ${answer}`);
  }
});

test('an as-of answer stands only in its older version, every other answer in the version in force', () => {
  for (const { id, document, answer, kind } of questions) {
    if (kind === 'unanswerable' || kind === 'swapped') continue;
    assert.equal(readText(document!).includes(answer!), kind !== 'as-of', id);
  }
});

test('every heading path of the sample questions leads down its document to the answer', () => {
  for (const { id, document, heading, answer, asOf } of questions) {
    if (document === undefined) continue;
    const file = versionOn(document, asOf);
    const path = heading!.split(' > ');
    const headings = readHeadings(file);
    const places = path.map((text) => headings.findIndex((each) => each.text === text));
    assert.ok(
      places.every((place, index) => place >= 0 && headings[place]!.level === index + 1),
      `${id}: ${heading}`,
    );
    const text = readText(file);
    const at = text.indexOf(answer!);
    const above = headings.findLast(({ text: title }) => text.slice(0, at).includes(`${title}\n`));
    assert.equal(above?.text, path.at(-1), `${id} stands under its heading`);
  }
});

test('every page of the sample questions is the page where the answer is printed', () => {
  const printed = questions.filter(({ document }) => document?.endsWith('.pdf'));
  assert.ok(printed.length >= 10);
  for (const { id, document, answer, page, asOf } of printed) {
    const pages = samples.find(({ path }) => path === versionOn(document!, asOf))!.pages;
    assert.deepEqual(
      pages.flatMap((text, index) => (text.includes(answer!) ? [index + 1] : [])),
      [page],
      id,
    );
  }
});

test('the sample questions have unique ids, the promised counts and balanced halves', () => {
  assert.equal(new Set(questions.map(({ id }) => id)).size, questions.length);
  const count = (has: (question: Question) => boolean): number => questions.filter(has).length;
  assert.equal(
    count(({ language }) => language === 'cs'),
    155,
  );
  assert.equal(
    count(({ language }) => language === 'en'),
    45,
  );
  for (const [kind, expected] of Object.entries({
    answerable: 115,
    unanswerable: 35,
    swapped: 20,
    'as-of': 14,
    restricted: 16,
  })) {
    const calibrate = count((question) => question.kind === kind && question.half === 'calibrate');
    const report = count((question) => question.kind === kind && question.half === 'report');
    assert.equal(calibrate + report, expected, kind);
    assert.ok(Math.abs(calibrate - report) <= 1, `${kind} is halved`);
  }
  const first = questions.filter(({ set }) => set === 'first');
  assert.equal(first.length, 20);
  assert.ok(
    first.every(
      ({ kind, language, document }) =>
        kind === 'answerable' && language === 'cs' && document?.endsWith('.md'),
    ),
  );
});

test('a restricted question asks about a document that only its group may read, every other about one for all', () => {
  for (const { id, kind, document, principal, asOf } of questions) {
    if (document === undefined) continue;
    const grants = sidecarOf(versionOn(document, asOf)).grants;
    if (kind === 'restricted') assert.deepEqual(grants, [{ group: principal!.groups[0], right: 'read' }], id);
    else assert.deepEqual(grants, [{ everyone: true, right: 'read' }], id);
  }
});

test('every sample document has a sidecar, and the versions of one document follow without a gap', () => {
  const byId = new Map<string, Sidecar[]>();
  for (const file of documents) {
    assert.ok(existsSync(join(CORPUS, `${file}.hradlo.yaml`)), file);
    const sidecar = sidecarOf(file);
    byId.set(sidecar.id, [...(byId.get(sidecar.id) ?? []), sidecar]);
  }
  assert.ok([...byId.values()].filter((versions) => versions.length > 1).length >= 4);
  for (const [id, versions] of byId) {
    const sorted = versions.toSorted((a, b) => (a['valid-from'] < b['valid-from'] ? -1 : 1));
    for (const [index, { 'valid-to': end }] of sorted.entries()) {
      const next = sorted[index + 1];
      const dayAfter = end && new Date(Date.parse(end) + 86_400_000).toISOString().slice(0, 10);
      assert.equal(dayAfter, next?.['valid-from'], id);
    }
  }
});

test('the made sample documents are what their sources make, byte for byte, and small', () => {
  assert.ok(samples.length >= 7);
  for (const { path, bytes } of samples) {
    assert.ok(
      Buffer.from(bytes).equals(readFileSync(join(CORPUS, path))),
      `${path}: run scripts/make-samples.ts`,
    );
    assert.ok(bytes.length <= 300 * 1024, path);
  }
  const made = documents.filter((file) => /\.(pdf|docx|xlsx)$/.test(file)).toSorted();
  assert.deepEqual(made, samples.map(({ path }) => path).toSorted());
});
