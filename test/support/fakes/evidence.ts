import { expectAclSetId, expectChunkRow, expectId, type Evidence } from '#core/index.ts';

const id = (prefix: string, digit: string) => `${prefix}_${digit.repeat(26)}`;

/** A piece of evidence for tests; fields that matter to the test are given. */
export function anEvidence(fields: Partial<Evidence> = {}): Evidence {
  const text = fields.text ?? 'Výpovědní lhůta činí dva měsíce.';
  return {
    chunkRow: expectChunkRow(1),
    chunkId: expectId('chunk', id('chk', '1')),
    versionId: expectId('version', id('ver', '1')),
    documentId: expectId('document', id('doc', '1')),
    collectionId: expectId('collection', id('col', '1')),
    aclSet: expectAclSetId(1),
    dataClass: 'internal',
    title: 'Pravidla',
    headingPath: ['Pravidla', 'Lhůta'],
    page: undefined,
    span: { start: 100, end: 100 + text.length },
    text,
    language: 'cs',
    validFromMs: 0,
    score: 1,
    ...fields,
  };
}
