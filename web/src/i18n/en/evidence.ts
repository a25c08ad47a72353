import type { evidence as czech } from '../cs/evidence.ts';
import type { DictionaryOf } from '../dictionary.ts';

/** The texts of a source beside an answer, in English. Plurals end in _one, _other. */
export const evidence: DictionaryOf<typeof czech> = {
  'evidence.title': 'Source',
  'evidence.close': 'Close source',
  'evidence.previous': 'Previous source',
  'evidence.next': 'Next source',
  'evidence.position': 'Source {{index}} of {{count}}',
  'evidence.validFrom': 'Valid from {{date}}',
  'evidence.failed': 'The document could not be opened.',
  'evidence.gone': 'This document is no longer available, or you may not read it.',
  'evidence.before': 'Show earlier text',
  'evidence.after': 'Show later text',
  'evidence.openDocument': 'Open the whole document',
  'evidence.copyQuote': 'Copy quotation',
  'evidence.quoteCopied': 'The quotation is on the clipboard.',
  'evidence.pageFailed': 'The page could not be drawn.',
  'evidence.originalFailed': 'The file could not be opened.',
  'evidence.previousPage': 'Previous page',
  'evidence.nextPage': 'Next page',
  'evidence.pageOf': '{{page}} / {{count}}',
  'evidence.asText': 'Text',
  'evidence.asPage': 'Page',
  'evidence.view': 'How to show the source',
  'evidence.table': 'Table',
  'evidence.version': 'Version of the document',
  'evidence.citedVersion': 'cited here',
  'evidence.compare': 'Show differences',
};
