// Ollama's dialect: schemas of what its clients send, and pure translation to and from core.
export {
  fromChat,
  fromGenerate,
  OllamaChatRequest,
  OllamaGenerateRequest,
  OllamaShowRequest,
  toMemoryWish,
  type MemoryWish,
} from './requests.ts';
export {
  CHAT_SHAPE,
  encodeLines,
  GENERATE_SHAPE,
  type LoadedModel,
  toLoaded,
  toMemoryReply,
  toReply,
  toShow,
  toTags,
} from './responses.ts';
