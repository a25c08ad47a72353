import type { IncomingMessage, ServerResponse } from 'node:http';
import { PERMISSIONS } from '#core/index.ts';
import type { GroupsResponse, PeopleResponse } from '#wire/admin/index.ts';
import type {
  AskCitation,
  AskEvent,
  CollectionsResponse,
  ConversationResponse,
  DocumentsResponse,
  PassageResponse,
  SessionResponse,
} from '#wire/hradlo/index.ts';
import { sendJson } from './between.ts';
import { HOSTILE_TEXTS } from './hostile-texts.ts';

export const ALL_HOSTILE = HOSTILE_TEXTS.join('\n\n');
const DAY = '2024-01-01T00:00:00.000Z';

const citation: AskCitation = {
  index: 1,
  documentId: 'd',
  versionId: 'v',
  collectionId: 'c',
  chunkId: 'k',
  title: HOSTILE_TEXTS[4] ?? '',
  headingPath: HOSTILE_TEXTS.slice(0, 6),
  page: null,
  start: 0,
  end: 40,
  quote: HOSTILE_TEXTS.slice(4, 8).join(' '),
};

const END: AskEvent = {
  type: 'end',
  finishReason: 'stop',
  grade: 'related',
  nearby: [{ documentId: 'd', versionId: 'v', title: HOSTILE_TEXTS[6] ?? '', headingPath: [ALL_HOSTILE] }],
  contact: HOSTILE_TEXTS[10] ?? '',
  support: [{ start: 0, end: 60, verdict: 'unsupported', citations: [1], lacking: [...HOSTILE_TEXTS] }],
  dataClass: 'internal',
  inputTokens: 1,
  outputTokens: 1,
};

type Mode = 'generated' | 'quoted';
const start = (mode: Mode): AskEvent => {
  return { type: 'start', answerId: 'a', model: HOSTILE_TEXTS[5] ?? '', mode };
};
const said = (text: string, mode: Mode): AskEvent => {
  return { type: 'text', text, isQuote: mode === 'quoted', isContext: false };
};

/** An answer in which everything that a model, a document or a name can say is this text, or another hostile one. */
export function hostileAnswer(text: string, mode: Mode): readonly AskEvent[] {
  return [
    start(mode),
    { type: 'reasoning', text: HOSTILE_TEXTS[4] ?? '' },
    said(`${text} [1]`, mode),
    { type: 'citation', citation },
    END,
  ];
}

/** "Not enough information", with hostile names of the nearest documents and of whom to ask. */
export const HOSTILE_REFUSAL: readonly AskEvent[] = [start('quoted'), { ...END, grade: 'insufficient' }];

/** Events as the bytes of a stream. */
export const toStream = (events: readonly AskEvent[]): Buffer =>
  Buffer.from(events.map((event) => `data: ${JSON.stringify(event)}\n\n`).join(''));

/** The stream of an answer with every kind of payload, ended after each of its bytes, from none to all. */
export function cutStreams(): readonly Buffer[] {
  const whole = toStream(hostileAnswer(ALL_HOSTILE, 'generated'));
  return Array.from({ length: whole.length + 1 }, (_cut, at) => whole.subarray(0, at));
}

/** Answers that say every hostile text as far as each of its characters, and then break off. */
export function cutTexts(mode: Mode): readonly Buffer[] {
  return Array.from(ALL_HOSTILE, (_character, at) =>
    toStream([start(mode), said(ALL_HOSTILE.slice(0, at + 1), mode)]),
  );
}

const session: SessionResponse = {
  state: 'signed-in',
  person: {
    id: 'p',
    displayName: HOSTILE_TEXTS[4] ?? '',
    roles: ['administrator'],
    permissions: [...PERMISSIONS],
  },
  csrfToken: 'token',
};
const collections: CollectionsResponse = {
  collections: HOSTILE_TEXTS.map((title, id) => ({ id: `c${id}`, name: `n${id}`, title, documentCount: id })),
};
const documents: DocumentsResponse = {
  documents: HOSTILE_TEXTS.map((title, id) => {
    return {
      id: `d${id}`,
      title,
      sourceKey: title,
      versionId: 'v',
      language: 'cs',
      sizeBytes: 1,
      validFrom: DAY,
    };
  }),
};
const conversations: { conversations: ConversationResponse[]; next: null } = {
  conversations: HOSTILE_TEXTS.map((title, id) => {
    return { id: `n${id}`, title, turnCount: 1, createdAt: DAY, updatedAt: DAY, restorableUntil: null };
  }),
  next: null,
};
const people: PeopleResponse = {
  people: HOSTILE_TEXTS.map((displayName, id) => ({
    id: `p${id}`,
    kind: 'person',
    name: displayName,
    displayName,
    roles: ['user'],
    groups: ['g0'],
    attributes: { department: [displayName] },
    isActive: true,
    createdAt: DAY,
    signedInAt: null,
  })),
};
const groups: GroupsResponse = {
  groups: HOSTILE_TEXTS.map((name, id) => ({ id: `g${id}`, name, memberCount: 1 })),
};
const passage: PassageResponse = {
  versionId: 'v',
  documentId: 'd',
  mediaType: 'text/markdown',
  title: ALL_HOSTILE,
  validFrom: DAY,
  chunks: HOSTILE_TEXTS.map((text, at) => ({
    headingPath: [text],
    page: null,
    start: at * 1000,
    end: at * 1000 + text.length,
    kind: at % 2 === 0 ? 'text' : 'table',
    text,
  })),
};

const BODIES: readonly (readonly [path: RegExp, body: object])[] = [
  [/^\/hradlo\/v1\/session$/, session],
  [/^\/hradlo\/v1\/collections$/, collections],
  [/^\/hradlo\/v1\/collections\/[^/]+\/documents$/, documents],
  [/^\/hradlo\/v1\/conversations(\?|$)/, conversations],
  [/^\/hradlo\/v1\/versions\/[^/]+\/passage$/, passage],
  [/^\/admin\/v1\/people$/, people],
  [/^\/admin\/v1\/groups$/, groups],
];

/** Answers in the server's place where the page shows what documents and people are called, with hostile texts. */
export function answerHostile(incoming: IncomingMessage, reply: ServerResponse): boolean {
  if (incoming.method !== 'GET') return false;
  const found = BODIES.find(([path]) => path.test(incoming.url ?? ''));
  return found !== undefined && sendJson(reply, 200, found[1]);
}
