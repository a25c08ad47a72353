import type { DoctorResponse } from '#wire/admin/index.ts';
import type { Translate } from '../../i18n/index.ts';

const CODES = [
  'folder.open',
  'folder.leftovers',
  'disk.full',
  'disk.room',
  'disk.no_reserve',
  'disk.not_synchronous',
  'backup.none',
  'backup.no_folder',
  'backup.same_disk',
  'backup.no_copy',
  'backup.copies',
  'backup.not_tried',
  'backup.broken',
  'backup.tried',
  'audit.one_place',
  'audit.near_place',
  'keys.inside',
  'keys.missing',
  'keys.outside',
  'audit.second_place',
] as const;

/** What was found, in the reader's language; what the page does not know is said as the server says it. */
export function sayFinding({ code, text, values }: DoctorResponse['findings'][number], t: Translate): string {
  const known = CODES.find((candidate) => candidate === code);
  return known === undefined ? text : t(`finding.${known}`, values);
}
