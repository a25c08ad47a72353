import type { notes as czech } from '../cs/notes.ts';
import type { DictionaryOf } from '../dictionary.ts';

/** The texts of what askers handed on, in English. Plurals end in _one, _other. */
export const notes: DictionaryOf<typeof czech> = {
  'notes.title': 'Feedback',
  'notes.subtitle': 'Questions that the documents do not answer, and answers that were wrong.',
  'notes.failed': 'The feedback could not be loaded.',
  'notes.none': 'Nothing is waiting',
  'notes.noneHint': 'When somebody passes a question on or corrects an answer, it shows here.',
  'notes.escalation': 'A question without an answer',
  'notes.correction': 'A corrected answer',
  'notes.settle': 'Done',
  'notes.settled': 'Marked as done.',
};
