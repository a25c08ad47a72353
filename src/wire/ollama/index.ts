// Ollama's dialect: schemas of what its clients send, and pure translation to and from core.
export {
  fromChat,
  fromGenerate,
  OllamaChatRequest,
  OllamaGenerateRequest,
  OllamaShowRequest,
} from './requests.ts';
export { CHAT_SHAPE, encodeLines, GENERATE_SHAPE, toReply, toShow, toTags } from './responses.ts';
