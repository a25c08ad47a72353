import type { synonyms as czech } from '../cs/synonyms.ts';
import type { DictionaryOf } from '../dictionary.ts';

/** The texts of words that mean the same, in English. Plurals end in _one, _other. */
export const synonyms: DictionaryOf<typeof czech> = {
  'synonyms.hint':
    'Words that mean the same where you work. A question is looked for by each of them, in every form, from the next question on. Every answer keeps on record which list it was made with.',
  'synonyms.list': 'One group a line; => counts one way only, # begins a remark',
  'synonyms.example': 'PTO = paid time off\nhome office, work from home\ncar => passenger vehicle',
  'synonyms.save': 'Save',
  'synonyms.saved': 'The synonyms count from the next question on.',
  'synonyms.import': 'Read from a file',
  'synonyms.export': 'Download',
  'synonyms.failed': 'The synonyms could not be loaded.',
  'synonyms.badLine':
    'Line {{line}} is no group of synonyms: it takes two to eight phrases, each with a word that can be looked for.',
  'synonyms.tooLarge': 'The list is too long: at most 2,000 groups and 200 kB.',
  'synonyms.since': 'Groups: {{count}} · since {{date}}',
};
