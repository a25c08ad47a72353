/** The texts of what askers handed on, in Czech. Plurals end in _one, _few, _many, _other. */
export const notes = {
  'notes.title': 'Podněty',
  'notes.subtitle': 'Otázky, na které dokumenty neodpovídají, a odpovědi, které nebyly správně.',
  'notes.failed': 'Podněty se nepodařilo načíst.',
  'notes.none': 'Žádné podněty nečekají',
  'notes.noneHint': 'Objeví se tu, když někdo předá otázku bez odpovědi nebo opraví odpověď.',
  'notes.escalation': 'Otázka bez odpovědi',
  'notes.correction': 'Opravená odpověď',
  'notes.settle': 'Vyřízeno',
  'notes.settled': 'Podnět je vyřízený.',
} as const;
