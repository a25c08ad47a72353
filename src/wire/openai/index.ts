// OpenAI's dialect: schemas of what clients send, and pure translation to and from core.
export { ChatCompletionRequest, toAnswerInput } from './chat-completion-request.ts';
export { ChatCompletionChunk } from './chat-completion-chunk.ts';
export { encodeChunks, toCompletion } from './chat-completion-response.ts';
export { EmbeddingsRequest, toEmbeddings, toTexts } from './embeddings.ts';
export { RerankRequest, toDocuments, toRanking } from './rerank.ts';
export { toModel, toModelList, type ListedModel } from './models.ts';
