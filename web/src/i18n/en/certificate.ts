import type { certificate as czech } from '../cs/certificate.ts';
import type { DictionaryOf } from '../dictionary.ts';

/** The texts of the certificate of an answer, in English. Plurals end in _one, _other. */
export const certificate: DictionaryOf<typeof czech> = {
  'certificate.title': 'Certificate of the answer',
  'certificate.hint':
    'What the record holds of this answer. None of it can be changed afterwards without being noticed.',
  'certificate.failed': 'The certificate could not be loaded.',
  'certificate.when': 'When',
  'certificate.who': 'Who asked',
  'certificate.how': 'How it was made',
  'certificate.from': 'Sources',
  'certificate.noSources': 'From no document.',
  'certificate.hidden': 'a document you may not read',
  'certificate.considered': 'What was considered',
  'certificate.pieces_one': '{{count}} piece of documents',
  'certificate.pieces_other': '{{count}} pieces of documents',
  'certificate.rights': 'Rights',
  'certificate.rightsHint': 'Only what the asker may read was searched.',
  'certificate.validAt': 'As of',
  'certificate.rules': 'Under which rules',
  'certificate.rulesHint': 'Model, prompt, policy and index of this answer:',
  'certificate.record': 'On record',
  'certificate.event': 'event no. {{number}}',
  'certificate.verify': 'Verify',
  'certificate.verifying': 'Verifying…',
  'certificate.verifyFailed': 'It could not be verified.',
  'certificate.save': 'Save certificate',
  'certificate.prompt.equal': 'The prompt was rebuilt and agrees with the record to the last letter.',
  'certificate.prompt.different': 'The rebuilt prompt differs from the record.',
  'certificate.prompt.not rebuilt':
    'The prompt can no longer be rebuilt: texts were erased, or you may not see them.',
  'certificate.answer.equal': 'The same question gives the same answer.',
  'certificate.answer.different': 'The answer of today differs from the recorded one.',
  'certificate.answer.not compared': 'The answer was not compared.',
  'certificate.release.same': 'The same model answers by the same rules.',
  'certificate.release.changed': 'The model or the rules have changed since.',
};
