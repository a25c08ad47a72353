import type { errors as czech } from '../cs/errors.ts';
import type { DictionaryOf } from '../dictionary.ts';

/** What went wrong, and what to do, in English. Plurals end in _one, _other. */
export const errors: DictionaryOf<typeof czech> = {
  'error.auth.required': 'You are not signed in, or your session has ended. Sign in again.',
  'error.auth.forbidden': 'You may not do this. Ask the administrator for access.',
  'error.collection.not_found': 'There is no such collection, or you may not read it.',
  'error.document.not_found': 'There is no such document, or you may not read it.',
  'error.answer.not_found': 'There is no such answer.',
  'error.conversation.not_found': 'There is no such conversation.',
  'error.conflict.state': 'This changed in the meantime. Reload the page and try once more.',
  'error.engine.crashed': 'The model stopped and is being restarted. Try again in a moment.',
  'error.engine.overloaded': 'Many people are asking right now. Try again in a moment.',
  'error.engine.unavailable': 'The model is not running. Try later, or choose an answer from documents.',
  'error.input.invalid': 'The server did not understand the request: {{detail}}',
  'error.input.too_large': 'The text is too long. Shorten it.',
  'error.limit.exceeded': 'You have used up your limit of questions. Try again in a moment.',
  'error.model.context_exceeded': 'The conversation is too long for this model. Start a new one.',
  'error.model.not_found': 'There is no such model. Choose another.',
  'error.policy.blocked': 'A rule of your organisation stopped the question. Ask in another way.',
  'error.policy.unavailable':
    'The rules cannot be checked right now, and without that nothing is answered. Try again in a moment.',
  'error.record.unavailable':
    'The record cannot be written right now, and without it nothing is answered. Try again in a moment.',
  'error.request.timed_out': 'It took too long. Try again.',
  'error.server.draining': 'The server is restarting. Try again in a moment.',
  'error.storage.full': 'The server is out of space. Tell the administrator.',
  'error.network': 'The server did not answer. Check the connection and try again.',
  'error.internal': 'Something went wrong on the server. Try again; if it lasts, tell the administrator.',
  'error.reference': 'Request number for the administrator: {{id}}',
};
