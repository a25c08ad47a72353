/** Where the text of a group goes. */
export type Destination =
  | 'body'
  | 'skip'
  | 'header'
  | 'footer'
  | 'footnote'
  | 'comment'
  | 'fonts'
  | 'styles'
  | 'title'
  | 'author'
  | 'label';

/** What holds inside of a pair of braces. */
export interface Group {
  readonly destination: Destination;
  readonly encoding: string;
  readonly skipAfterUnicode: number;
  readonly isHidden: boolean;
}

/** Controls that open a destination of their own. */
export const DESTINATIONS: Readonly<Record<string, Destination>> = {
  fonttbl: 'fonts',
  stylesheet: 'styles',
  header: 'header',
  headerl: 'header',
  headerr: 'header',
  headerf: 'header',
  footer: 'footer',
  footerl: 'footer',
  footerr: 'footer',
  footerf: 'footer',
  footnote: 'footnote',
  annotation: 'comment',
  title: 'title',
  author: 'author',
  listtext: 'label',
  pntext: 'label',
};
/** Destinations that hold no text of the document. */
export const SKIPPED = new Set(
  'colortbl filetbl info pict object objdata datafield fldinst bkmkstart bkmkend themedata colorschememapping latentstyles datastore generator listtable listoverridetable rsidtbl xmlnstbl mmathPr pgdsctbl revtbl nonshppict shpinst sp operator company subject keywords comment doccomm hlinkbase creatim revtim printim buptim atnid atnauthor atnref atndate atnicn pnseclvl do background upr txe rxe xe tc tcn'.split(
    ' ',
  ),
);
/** Controls that stand for a character. */
export const SYMBOLS: Readonly<Record<string, string>> = {
  tab: '\t',
  line: '\n',
  emdash: '—',
  endash: '–',
  lquote: '‘',
  rquote: '’',
  ldblquote: '“',
  rdblquote: '”',
  bullet: '•',
  emspace: ' ',
  enspace: ' ',
  '~': '\u00a0',
  _: '-',
  '\\': '\\',
  '{': '{',
  '}': '}',
};
/** Code pages by the character set of a font (`\fcharset`). */
export const CHARSETS: Readonly<Record<number, string>> = {
  0: 'windows-1252',
  77: 'macintosh',
  128: 'shift_jis',
  129: 'euc-kr',
  134: 'gbk',
  136: 'big5',
  161: 'windows-1253',
  162: 'windows-1254',
  177: 'windows-1255',
  178: 'windows-1256',
  186: 'windows-1257',
  204: 'windows-1251',
  222: 'windows-874',
  238: 'windows-1250',
};
const CODE_PAGES: Readonly<Record<number, string>> = {
  932: 'shift_jis',
  936: 'gbk',
  949: 'euc-kr',
  950: 'big5',
  10000: 'macintosh',
  65001: 'utf-8',
  866: 'ibm866',
  28592: 'iso-8859-2',
};

/** The encoding of a code page by its number. */
export function codePage(number: number): string {
  return CODE_PAGES[number] ?? (number >= 1250 && number <= 1258 ? `windows-${number}` : 'windows-1252');
}

/** Decodes bytes; an encoding that is not known is taken for the Western one. */
export function decode(bytes: Uint8Array, encoding: string): string {
  try {
    return new TextDecoder(encoding).decode(bytes);
  } catch {
    return new TextDecoder('windows-1252').decode(bytes);
  }
}
