/** The texts of words that mean the same, in Czech. Plurals end in _one, _few, _many, _other. */
export const synonyms = {
  'synonyms.hint':
    'Slova, která u vás znamenají totéž. Otázka se hledá podle každého z nich, ve všech pádech, hned od další otázky. U odpovědi zůstává zapsáno, s kterým seznamem vznikla.',
  'synonyms.list': 'Jedna skupina na řádek; => platí jen jedním směrem, # uvozuje poznámku',
  'synonyms.example': 'ŘP = řidičský průkaz\nhome office, práce z domova\nauto => osobní automobil',
  'synonyms.save': 'Uložit',
  'synonyms.saved': 'Synonyma platí od další otázky.',
  'synonyms.import': 'Načíst ze souboru',
  'synonyms.export': 'Stáhnout',
  'synonyms.failed': 'Synonyma se nepodařilo načíst.',
  'synonyms.badLine':
    'Řádek {{line}} není skupina synonym: patří do ní dvě až osm frází, každá aspoň s jedním slovem, které se dá hledat.',
  'synonyms.tooLarge': 'Seznam je příliš dlouhý: nejvýše 2 000 skupin a 200 kB.',
  'synonyms.since': 'Skupin: {{count}} · od {{date}}',
} as const;
