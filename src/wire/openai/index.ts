// OpenAI's dialect: schemas of what clients send, and pure translation to and from core.
export { ChatCompletionRequest } from './chat-completion-request.ts';
export { ChatCompletionChunk } from './chat-completion-chunk.ts';
export { encodeChunks, toCompletion, type Completion } from './chat-completion-response.ts';
export { encodeChoices, joinCompletions, toAnswerInputs } from './choices.ts';
export { EmbeddingsRequest, toEmbeddings, toTexts } from './embeddings.ts';
export { RerankRequest, toDocuments, toRanking } from './rerank.ts';
export { toModel, toModelList, type ListedModel } from './models.ts';
