import type { EmbeddingModel } from '#contracts/index.ts';

/** What an encoder was trained to see before a question and before a passage; nothing where it is empty. */
export interface SearchPrompts {
  readonly query: string;
  readonly document: string;
}

const NONE: SearchPrompts = { query: '', document: '' };
const PASSAGES = 'Represent this sentence for searching relevant passages: ';

/**
 * By what a family of encoders calls itself in `general.name`, as its model card tells. Without its prompt an encoder
 * still runs and finds less, and nobody sees why: so the known ones are written down here.
 */
const FAMILIES: readonly (readonly [RegExp, SearchPrompts])[] = [
  [
    /\be5\b.*instruct/,
    { query: 'Instruct: Given a question, retrieve passages that answer it\nQuery: ', document: '' },
  ],
  [/\be5\b/, { query: 'query: ', document: 'passage: ' }],
  [/\bnomic embed\b/, { query: 'search_query: ', document: 'search_document: ' }],
  [/\bembedding ?gemma\b/, { query: 'task: search result | query: ', document: 'title: none | text: ' }],
  [
    /\bqwen3 embedding\b/,
    { query: 'Instruct: Given a question, retrieve passages that answer it\nQuery:', document: '' },
  ],
  [/\barctic embed\b.*\bv2\b/, { query: 'query: ', document: '' }],
  [/\barctic embed\b/, { query: PASSAGES, document: '' }],
  [/\bmxbai embed\b/, { query: PASSAGES, document: '' }],
  [/\bbge (?:small|base|large) en\b/, { query: PASSAGES, document: '' }],
];

/** The prompts of an encoder by its own name; none for one that is not known to need any. */
export function searchPromptsOf(modelName: string | undefined): SearchPrompts {
  const name = (modelName ?? '').toLowerCase().replaceAll(/[^a-z0-9]+/g, ' ');
  return FAMILIES.find(([family]) => family.test(name))?.[1] ?? NONE;
}

/** The model as the search asks it: with its prompts before each text. */
export function withSearchPrompts(model: EmbeddingModel, prompts: SearchPrompts): EmbeddingModel {
  const { name, digest, dimensions, maxInputTokens } = model;
  return {
    name,
    digest,
    dimensions,
    maxInputTokens,
    embed(texts, options) {
      const prompt = prompts[options.purpose];
      return model.embed(prompt === '' ? texts : texts.map((text) => prompt + text), options);
    },
  };
}
