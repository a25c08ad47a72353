// Our own dialect: what people's pages and the command line speak.
export {
  AskEvent,
  AskRequest,
  EventNumber,
  toAskEvent,
  toAskInput,
  TurnEventsQuery,
  type AskCitation,
} from './ask.ts';
export {
  ConversationResponse,
  ConversationsQuery,
  ConversationsResponse,
  ExportQuery,
  MessagesResponse,
  RenameConversationBody,
  titleOf,
  type ConversationMessage,
} from './conversations.ts';
export { answerMarkdown, conversationMarkdown, placeOf, type ExportWords } from './conversation-markdown.ts';
export { CertificateResponse, LineageResponse, ReplayResponse } from './certificate.ts';
export { CollectionsResponse, DocumentsResponse, PassageResponse } from './evidence.ts';
export {
  RetrieveRequest,
  RetrieveResponse,
  toRetrieveInput,
  toRetrieveResponse,
  type RetrieveInput,
  type RetrieveTrace,
} from './retrieve.ts';
export {
  NewPasskeyBody,
  PasskeyChallengeResponse,
  PasskeyOfferResponse,
  PasskeysResponse,
  PasskeySignInBody,
} from './passkeys.ts';
export { KeysResponse, NewKeyBody, NewKeyResponse } from './keys.ts';
export {
  AcceptInvitationBody,
  ChangePassphraseBody,
  ConfirmTotpBody,
  RemoveTotpBody,
  SessionResponse,
  SessionsResponse,
  SetUpBody,
  SignInBody,
  TotpOfferResponse,
} from './session.ts';
export { EscalationRequest, FEEDBACK_REASONS, FeedbackRequest, type FeedbackReason } from './feedback.ts';
export {
  BoxesQuery,
  BoxesResponse,
  ChangesQuery,
  ChangesResponse,
  DocumentAnswersResponse,
  DocumentResponse,
  EntriesQuery,
  ENTRY_REASON_CODES,
  EntriesResponse,
  EntryResponse,
  LayoutResponse,
  FILE_PASSWORD_HEADER,
  FileQuery,
  NewSourceRequest,
  NewUploadsRequest,
  RetryRequest,
  SourceProgress,
  SourceResponse,
  SourcesResponse,
  UploadQuery,
  UploadResponse,
} from './documents.ts';
