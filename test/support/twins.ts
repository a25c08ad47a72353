import { Plant, idOf, type PlantedDocument } from './plant.ts';

const VISIBLE_DOCUMENTS = 400;
const HIDDEN_TITLE = 'Tajný záměr';
const WORDS = 'smlouva nájem výpověď lhůta dovolená mzda zkušební doba náhrada cesta účet faktura řád'.split(
  ' ',
);
/** Stands in the forbidden document alone. */
export const SECRET = 'akvizice';

function sentence(number: number): string {
  return Array.from(
    { length: 14 },
    (_, at) => WORDS[(number * 7 + at * at + at * number) % WORDS.length],
  ).join(' ');
}

const allow = (id: string) =>
  ({ effect: 'allow', subject: `principal:hradlo/${id}`, condition: undefined }) as const;

/** One of two installations that differ in one document, which the reader may not read. */
export interface Twin {
  readonly folder: string;
  /** Of the reader, and of who may read everything. */
  readonly key: string;
  readonly bossKey: string;
  readonly collectionId: string;
  /** Ids of the forbidden document, whether or not it is there. */
  readonly hidden: PlantedDocument;
}

/** The same installation each time, with one more document of so many chunks; 0 leaves it out. */
export function plantTwin(hiddenChunks: number): Twin {
  const plant = new Plant();
  const { tenantId } = plant;
  const reader = plant.person(tenantId, 'ctenar');
  const boss = plant.person(tenantId, 'vedouci');
  const collectionId = plant.collection(tenantId, 'predpisy', [allow(reader.id), allow(boss.id)]);
  const open = { tenantId, collectionId };
  // The collection itself is in both: only the document differs.
  for (let number = 0; number < VISIBLE_DOCUMENTS; number++) {
    if (number === VISIBLE_DOCUMENTS / 2 && hiddenChunks > 0) {
      const texts = Array.from({ length: hiddenChunks }, (_, at) => `${SECRET} ${sentence(at)}. `);
      const document = { inherits: false, entries: [allow(boss.id)], rules: [] };
      plant.document(open, HIDDEN_TITLE, texts, { document });
    }
    plant.document(open, `Předpis ${number}`, [`${sentence(number)}. `, `Platí ${sentence(number + 3)}. `]);
  }
  const id = idOf('document', `${collectionId} ${HIDDEN_TITLE}`);
  const versionId = idOf('version', id);
  const hidden = { id, versionId, chunkIds: [idOf('chunk', `${versionId} 0`)] };
  return { folder: plant.close(), key: reader.key, bossKey: boss.key, collectionId, hidden };
}

/** What is asked: a third of it is about the forbidden document, right and misspelt. */
export function twinQuestion(number: number): string {
  const word = WORDS[number % WORDS.length]!;
  if (number % 6 === 0) return `Co víš o ${SECRET} a ${word}?`;
  if (number % 6 === 3) return `Co je akvyzice nebo akvizic, ${word}?`;
  return `Jaká je ${word} a ${WORDS[(number * 5) % WORDS.length]}?`;
}

/** A reply without what differs by nature: ids and times of the answer, of the request, and what a clock said. */
export function comparableReply(text: string): string {
  return text
    .replaceAll(/(ans|chatcmpl-ans|cnv|req|embd)_[0-9a-z]{26}/g, 'ID')
    .replaceAll(
      /"(created|created_at|createdAt|total_duration|eval_duration|load_duration|prompt_eval_duration|\w*[dD]urationMs)":("[^"]*"|[\d.]+)/g,
      '"$1":0',
    )
    .replaceAll(/202[6-9]-\d\d-\d\dT[\d:.]+Z/g, 'TIME')
    .replaceAll(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f-]{22}/g, 'UUID');
}
