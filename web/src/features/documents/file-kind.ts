const NAMES: Readonly<Record<string, string>> = { markdown: 'MD', jpeg: 'JPG', tiff: 'TIF', htm: 'HTML' };
const LONGEST = 4;

/** What a file is, by its ending, as short as people say it: `PDF`; empty where it has none. */
export function kindOf(path: string): string {
  const ending = /[^/]\.([a-z0-9]+)$/i.exec(path)?.[1] ?? '';
  return NAMES[ending.toLowerCase()] ?? (ending.length > LONGEST ? '' : ending.toUpperCase());
}
