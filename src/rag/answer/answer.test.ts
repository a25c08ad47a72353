import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import {
  expectAclSetId,
  expectChunkRow,
  makeId,
  type ChatDelta,
  type ChatMessage,
  type Evidence,
} from '#core/index.ts';
import { checkCitation, checkSupport } from './citation-check.ts';
import { createExtractiveModel } from './extractive-model.ts';
import { LeastRecentlyUsed } from './least-recently-used.ts';
import { questionType } from './question-type.ts';

let made = 0;
const newBytes = (): Uint8Array => {
  made += 1;
  const bytes = new Uint8Array(16);
  new DataView(bytes.buffer).setUint32(12, made);
  return bytes;
};

function evidence(text: string, fields: Partial<Evidence> = {}): Evidence {
  return {
    chunkRow: expectChunkRow(1),
    chunkId: makeId('chunk', newBytes()),
    versionId: makeId('version', newBytes()),
    documentId: makeId('document', newBytes()),
    collectionId: makeId('collection', newBytes()),
    aclSet: expectAclSetId(1),
    dataClass: 'internal',
    title: 'Personální pravidla',
    headingPath: [],
    page: undefined,
    span: { start: 0, end: text.length },
    text,
    language: 'cs',
    validFromMs: 0,
    score: 0.6,
    ...fields,
  };
}

async function collect(stream: AsyncIterable<ChatDelta>): Promise<ChatDelta[]> {
  const deltas: ChatDelta[] = [];
  for await (const delta of stream) deltas.push(delta);
  return deltas;
}

async function ask(question: string, found: readonly Evidence[], before: readonly ChatMessage[] = []) {
  const model = createExtractiveModel();
  const messages: ChatMessage[] = [...before, { role: 'user', content: question }];
  const request = { messages, evidence: found, sampling: {} };
  const deltas = await collect(model.stream(request, new AbortController().signal));
  const finish = deltas.at(-1);
  assert.ok(finish?.type === 'finish');
  const quotes = deltas.filter((delta) => delta.type === 'quote');
  for (const { evidenceIndex, span, text } of quotes) {
    assert.equal(found[evidenceIndex]!.text.slice(span.start, span.end), text);
  }
  const text = deltas.map((delta) => ('text' in delta ? delta.text : '')).join('');
  const answers = quotes.filter((quote) => !quote.isContext).map((quote) => quote.text);
  return { grade: finish.grade, answers, quotes, text };
}

const NOTICE = evidence(
  'Pracovní poměr lze rozvázat dohodou. Výpovědní doba činí dva měsíce a začíná prvním dnem měsíce. ' +
    'Zaměstnavatel vydá potvrzení o zaměstnání.',
  { headingPath: ['2 Skončení pracovního poměru', '2.1 Výpověď'], score: 0.9 },
);
const HOLIDAY = evidence(
  'Základní výměra dovolené je pět týdnů za kalendářní rok. Dovolenou schvaluje vedoucí oddělení.',
  { headingPath: ['4 Dovolená'], score: 0.2 },
);

test('answers with the sentence that holds the asked kind of thing, and shows its neighbours', async () => {
  const { grade, answers, quotes } = await ask('Jak dlouhá je výpovědní doba?', [HOLIDAY, NOTICE]);
  assert.equal(grade, 'answered');
  assert.equal(answers[0], 'Výpovědní doba činí dva měsíce a začíná prvním dnem měsíce.');
  assert.deepEqual(
    quotes.map((quote) => quote.isContext),
    [true, false, true],
  );
});

test('a question without diacritics or in another case finds the same sentence', async () => {
  const { answers } = await ask('jak dlouha je vypovedni doba', [HOLIDAY, NOTICE]);
  assert.equal(answers[0], 'Výpovědní doba činí dva měsíce a začíná prvním dnem měsíce.');
});

test('a name or number that the evidence lacks is a reason to refuse, and is named', async () => {
  const { grade, text } = await ask('Jak dlouhá je výpovědní doba ve společnosti Dubravan?', [NOTICE]);
  assert.equal(grade, 'insufficient');
  assert.match(text, /Nedostatek informací\. V podkladech není: ‹Dubravan›\./u);
});

test('evidence about something else is not an answer, in the language of the question', async () => {
  const { grade, text, quotes } = await ask('What colour is the company car?', [
    evidence('The notice period is two months.', { language: 'en', title: 'Rules', score: 0.05 }),
  ]);
  assert.equal(grade, 'insufficient');
  assert.equal(text, 'Not enough information.');
  assert.equal(quotes.length, 0);
});

test('without evidence there is no answer', async () => {
  assert.equal((await ask('Jak dlouhá je výpovědní doba?', [])).grade, 'insufficient');
});

test('evidence in the other language answers where it carries the question, and all of its names', async () => {
  const pause = evidence('Přestávka na oběd trvá 30 minut. Do pracovní doby se nezapočítává.', {
    score: 0.9,
  });
  const { grade, text } = await ask('How long is the lunch break?', [pause]);
  assert.equal(grade, 'answered');
  assert.match(text, /30 minut/);
  // Nothing tells how a name that is not there might be spelled in Czech.
  const named = await ask('How long is the lunch break at Siemens?', [pause]);
  assert.notEqual(named.grade, 'answered');
});

test('evidence in the other language that carries less is shown as related', async () => {
  const { grade, text } = await ask('What is the salary in Turkey and Canada?', [
    evidence('Mzda v Turecku a v Kanadě činí 900 eur měsíčně.', { score: 0.9 }),
  ]);
  assert.equal(grade, 'related');
  assert.match(text, /^Possibly related:/u);
});

const TARIFFS = evidence(
  'Vozidlo | Sazba za den | Kauce\nDodávka | 1 400 Kč | 8 000 Kč\nOsobní přívěs | 450 Kč | 2 000 Kč',
  { title: 'Půjčovna', headingPath: ['Ceník půjčovny'], score: 0.6 },
);

test('what the head of a column says is said of each of its cells', async () => {
  const { grade, answers } = await ask('Jaká je kauce na dodávku?', [TARIFFS]);
  assert.equal(grade, 'answered');
  assert.deepEqual(answers, ['Dodávka | 1 400 Kč | 8 000 Kč']);
});

test('a row about another thing of the kind does not answer', async () => {
  const { grade } = await ask('Kolik stojí sklápěcí přívěs?', [TARIFFS]);
  assert.equal(grade, 'insufficient');
});

test('a number of the question counts where it stands, not anywhere in the passage', async () => {
  const releases = evidence(
    'Verze 3.1 vyjde 4. května. Podpora starších verzí trvá dva roky. O vydání rozhoduje vedení. ' +
      'Na vývoji se podílí 7 lidí.',
    { title: 'Plán vydání', score: 0.8 },
  );
  assert.equal((await ask('Kdy vyjde verze 3.1?', [releases])).grade, 'answered');
  assert.equal((await ask('Kdy vyjde verze 7?', [releases])).grade, 'insufficient');
});

test('the parties that a contract names at its head are those of every article', async () => {
  const fields = { title: 'Smlouva o úklidu', versionId: NOTICE.versionId };
  const head = evidence('uzavřená mezi Lesy Doubrava a.s. a Rolenta s.r.o. (dále jen „Zhotovitel“)', {
    ...fields,
    score: 0.4,
  });
  const article = evidence('Splatnost faktur činí 30 dnů od doručení.', {
    ...fields,
    headingPath: ['4 Platby'],
    span: { start: 2_000, end: 2_042 },
    score: 0.7,
  });
  const asked = 'Do kdy se platí faktury firmě Rolenta?';
  assert.notEqual((await ask(asked, [article, head])).grade, 'insufficient');
  assert.equal((await ask(asked, [article])).grade, 'insufficient');
});

test('who holds an office is not answered by a sentence without the office', async () => {
  const club = evidence('Spolek Rozmarýn založili Jan Bílek a Eva Malá. Spolek Rozmarýn sídlí v Kolíně.', {
    title: 'Stanovy',
    score: 0.7,
  });
  assert.equal((await ask('Kdo je pokladníkem spolku Rozmarýn?', [club])).grade, 'insufficient');
  assert.notEqual((await ask('Kdo založil spolek Rozmarýn?', [club])).grade, 'insufficient');
});

test('an acronym of everyday life is met by what it stands for', async () => {
  const secrecy = evidence('Za porušení mlčenlivosti zaplatí strana smluvní pokutu 90 000 Kč.', {
    score: 0.6,
  });
  assert.notEqual((await ask('Jaká je pokuta za porušení NDA?', [secrecy])).grade, 'insufficient');
});

test('a definition goes before other sentences about the thing', async () => {
  const terms = evidence(
    'Každý hlásí odstávku vedoucímu. Kdo odstávku nahlásí, uvede čas. Odstávkou se rozumí přerušení provozu delší než hodinu.',
    { title: 'Provozní řád', score: 0.8 },
  );
  const { answers } = await ask('Co je to odstávka?', [terms]);
  assert.ok(answers.some((answer) => answer.startsWith('Odstávkou se rozumí')));
});

test('a follow-up is understood from the conversation', async () => {
  const trial = evidence(
    'Zkušební doba činí čtyři měsíce. U vedoucích zaměstnanců činí zkušební doba osm měsíců.',
    { score: 0.8 },
  );
  const before: ChatMessage[] = [
    { role: 'user', content: 'Jak dlouhá je zkušební doba?' },
    { role: 'assistant', content: 'Zkušební doba činí čtyři měsíce.' },
  ];
  const { grade, answers } = await ask('a co u vedoucích?', [trial], before);
  assert.equal(grade, 'answered');
  assert.equal(answers.at(-1), 'U vedoucích zaměstnanců činí zkušební doba osm měsíců.');
});

test('a table is answered by its row, under its header', async () => {
  const table = evidence(
    'Služba | Jednotka | Cena\nMontáž dveří | kus | 2 650 Kč\nMontáž linky | metr | 3 900 Kč',
    {
      headingPath: ['3 Montáž'],
      score: 0.9,
    },
  );
  const { quotes } = await ask('Kolik stojí montáž dveří?', [table]);
  assert.deepEqual(
    quotes.map(({ text, isContext }) => [text, isContext]),
    [
      ['Služba | Jednotka | Cena', true],
      ['Montáž dveří | kus | 2 650 Kč', false],
    ],
  );
});

test('the opening of a list brings its items', async () => {
  const list = evidence(
    'Při nástupu zaměstnanec předloží tyto doklady:\nobčanský průkaz,\nvýpis z rejstříku.\nKonec.',
    {
      score: 0.9,
    },
  );
  const { answers } = await ask('Jaké doklady předloží zaměstnanec při nástupu?', [list]);
  assert.deepEqual(answers.slice(0, 3), [
    'Při nástupu zaměstnanec předloží tyto doklady:',
    'občanský průkaz,',
    'výpis z rejstříku.',
  ]);
});

test('copies of one text are quoted once', async () => {
  const copy = evidence(NOTICE.text, { headingPath: NOTICE.headingPath, score: 0.88 });
  const { answers } = await ask('Jak dlouhá je výpovědní doba?', [NOTICE, copy]);
  assert.equal(answers.filter((answer) => answer.startsWith('Výpovědní doba')).length, 1);
});

test('every quote is verbatim and no question makes it throw', async () => {
  const piece = fc.constantFrom(
    'Výpovědní ',
    '§ 52',
    ' | ',
    '\n',
    '. ',
    'dva měsíce',
    '1. 3. 2024',
    '?',
    ' a co ',
    '👩‍⚖️',
  );
  const text = fc.array(piece, { maxLength: 20 }).map((parts) => parts.join(''));
  await fc.assert(
    fc.asyncProperty(text, fc.array(text, { maxLength: 3 }), async (question, chunks) => {
      await ask(
        question,
        chunks.map((chunk) => evidence(chunk)),
      );
    }),
    { numRuns: 60 },
  );
});

test('an aborted answer ends as cancelled', async () => {
  const request = { messages: [{ role: 'user' as const, content: 'Co?' }], evidence: [NOTICE], sampling: {} };
  const deltas = await collect(createExtractiveModel().stream(request, AbortSignal.abort()));
  assert.deepEqual(
    deltas.map((delta) => (delta.type === 'finish' ? delta.reason : delta.type)),
    ['cancelled'],
  );
});

test('the kind of a question is told with and without diacritics', () => {
  const expected = {
    'Jak dlouho trvá zkušební doba?': 'duration',
    'Jak dlouhý má být název?': 'number',
    'jak dlouho trva zkusebni doba': 'duration',
    'Kolik stojí montáž dveří?': 'money',
    'Kdy se vyplácí mzda?': 'date',
    'Kdo schvaluje dovolenou?': 'name',
    'Proč se účtuje záloha?': 'reason',
    'Co je BOZP?': 'definition',
    'Může brigádník čerpat dovolenou?': 'yes-no',
    'Podle kterého paragrafu?': 'section',
    'Kolik procent činí záloha?': 'percent',
    'How many chairs are there?': 'number',
  };
  for (const [question, type] of Object.entries(expected))
    assert.equal(questionType(question), type, question);
});

test('a citation is exact, or it is said how it is not', () => {
  const versions = new Map([['v1', 'Lhůta činí dva měsíce.']]);
  const check = (start: number, end: number, quote: string, versionId = 'v1') =>
    checkCitation({ versionId, span: { start, end }, quote }, (id) => versions.get(id));
  assert.equal(check(0, 5, 'Lhůta'), 'exact');
  assert.equal(check(0, 5, 'lhůta'), 'differs');
  assert.equal(check(0, 99, 'Lhůta'), 'out-of-range');
  assert.equal(check(-1, 5, 'Lhůta'), 'out-of-range');
  assert.equal(check(0, 5, 'Lhůta', 'v2'), 'version-missing');
});

test('a written sentence is supported when the sources hold its numbers, names and most of its words', () => {
  const source = ['Výpovědní doba činí dva měsíce podle § 52.'];
  assert.equal(checkSupport('Výpovědní doba je 2 měsíce.', source, 'cs').isSupported, true);
  assert.deepEqual(checkSupport('Výpovědní doba je 3 měsíce.', source, 'cs').unsupported, ['3']);
  assert.equal(checkSupport('Firma platí dovolenou v Brně.', source, 'cs').isSupported, false);
});

test('a value is kept from the second time on, and what was not used for longest is let go', () => {
  const kept = new LeastRecentlyUsed<number>(2);
  let makes = 0;
  const get = (key: string): number => kept.getOrMake(key, () => ++makes);
  assert.deepEqual(['a', 'a', 'a'].map(get), [1, 2, 2]);
  assert.deepEqual(['b', 'b', 'c', 'a', 'c'].map(get), [3, 4, 5, 2, 6]);
  assert.deepEqual(['c', 'a', 'b'].map(get), [6, 2, 7]);
});
