// Numbers that are written out, folded, with their cases in Czech and Slovak: `pět týdnů` and `5 týdnů` meet, and
// so do `two months` and `dva měsíce`. One is left out: it is mostly an article or a pronoun.
const FORMS: readonly (readonly [number, string])[] = [
  [2, 'dva dve dvou dvema dvoch dvom dvomi two'],
  [3, 'tri trem tremi trech troch trom tromi three'],
  [4, 'ctyri ctyr ctyrem ctyrmi ctyrech styri styroch styrom styrmi four'],
  [5, 'pet peti pat piatich piatim five'],
  [6, 'sest sesti siestich siestim six'],
  [7, 'sedm sedmi sedem siedmich siedmim seven'],
  [8, 'osm osmi osem osmich osmim eight'],
  [9, 'devet deviti devat deviatich deviatim nine'],
  [10, 'deset deseti desat desiatich desiatim ten'],
  [11, 'jedenact jedenacti jedenast eleven'],
  [12, 'dvanact dvanacti dvanast twelve'],
  [13, 'trinact trinacti trinast thirteen'],
  [14, 'ctrnact ctrnacti strnast fourteen'],
  [15, 'patnact patnacti patnast fifteen'],
  [18, 'osmnact osmnacti osemnast eighteen'],
  [20, 'dvacet dvaceti dvadsat twenty'],
  [24, 'ctyriadvacet dvacetctyri'],
  [30, 'tricet triceti tridsat thirty'],
  [40, 'ctyricet ctyriceti styridsat forty'],
  [50, 'padesat padesati patdesiat fifty'],
  [60, 'sedesat sedesati sestdesiat sixty'],
  [70, 'sedmdesat sedmdesati sedemdesiat seventy'],
  [80, 'osmdesat osmdesati osemdesiat eighty'],
  [90, 'devadesat devadesati devatdesiat ninety'],
  [100, 'sto hundred'],
];
const NUMBERS = new Map(
  FORMS.flatMap(([number, forms]) => forms.split(' ').map((form) => [form, String(number)] as const)),
);

/** The digits of a folded number word; undefined for another word. */
export function numeralOf(folded: string): string | undefined {
  return NUMBERS.get(folded);
}
