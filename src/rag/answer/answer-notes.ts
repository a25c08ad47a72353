// What an extractive answer says in its own words, in the language of the question.
const NOTES = {
  cs: {
    related: 'Možná souvisí:',
    insufficient: 'Nedostatek informací.',
    missing: 'V podkladech není: ',
  },
  sk: {
    related: 'Možno súvisí:',
    insufficient: 'Nedostatok informácií.',
    missing: 'V podkladoch nie je: ',
  },
  en: {
    related: 'Possibly related:',
    insufficient: 'Not enough information.',
    missing: 'The documents do not mention: ',
  },
} as const;
type NoteLanguage = keyof typeof NOTES;

/** Opens quotes that may be related and are not claimed to answer. */
export function relatedNote(language: NoteLanguage): string {
  return NOTES[language].related;
}

/** Says that the evidence does not suffice, and which names or numbers of the question it lacks. */
export function insufficientNote(language: NoteLanguage, missing: readonly string[]): string {
  const note = NOTES[language].insufficient;
  if (missing.length === 0) return note;
  return `${note} ${NOTES[language].missing}${missing.map((term) => `‹${term}›`).join(', ')}.`;
}
