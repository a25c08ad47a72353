import { CertificateResponse, LineageResponse, ReplayResponse } from '#wire/hradlo/index.ts';
import { CliError } from './client.ts';
import type { Command } from './command.ts';

const SHORT = 19;
const short = (digest: string | null) => (digest === null ? '-' : `${digest.slice(0, SHORT)}…`);

function toLines(certificate: CertificateResponse): string[] {
  const { askedBy, release, rights, commitments } = certificate;
  return [
    `Answer ${certificate.answerId}`,
    `  asked      ${certificate.askedAt} by ${askedBy.issuer}/${askedBy.subject} (${certificate.dialect})`,
    `  state      ${certificate.state}${certificate.grade === null ? '' : `, ${certificate.grade}`}, ${certificate.dataClass}`,
    `  model      ${certificate.model}, ${certificate.mode}${certificate.ranOn === null ? '' : `, ran on ${certificate.ranOn}`}`,
    `  release    ${release.digest}`,
    `  rights     ${rights.accessSets.length} access sets, ${short(rights.fingerprint)}`,
    `  valid at   ${certificate.validAt}, as known at ${certificate.knownAt}`,
    `  prompt     ${commitments.prompt ?? '-'}`,
    '  evidence',
    ...certificate.evidence.map(
      (piece) =>
        `   ${piece.cited ? '*' : ' '} ${piece.number} ${piece.title ?? piece.documentId}  version ${piece.versionId}, chunk ${piece.chunkId}, file ${short(piece.file)}`,
    ),
    '  record',
    ...certificate.events.map(
      ({ kind, chain, sequence, at }) => `     ${at} ${kind}, ${chain} event ${sequence}`,
    ),
    ...certificate.brokenGlass.map(
      ({ at, by, versionId, reason, sequence }) =>
        `  break-glass ${at} ${by.issuer}/${by.subject} read ${versionId} without a grant, event ${sequence}: ${reason}`,
    ),
    ...(certificate.question.text === null ? [`  question   ${certificate.question.state}`] : []),
    certificate.answer.text === null
      ? `  text       ${certificate.answer.state}`
      : `\n${certificate.answer.text.trim()}`,
  ];
}

/** `hradlo answer show <id>`: the certificate of an answer. */
export const answer: Command = async ({ words, values, client, print }) => {
  const [what, id] = words;
  if (what !== 'show' || id === undefined) throw new CliError('hradlo answer show <id>', 2);
  const body = await client.json('GET', `/hradlo/v1/answers/${encodeURIComponent(id)}/certificate`);
  if (values.json) print(`${JSON.stringify(body, null, 2)}\n`);
  else print(`${toLines(CertificateResponse.parse(body)).join('\n')}\n`);
};

/** `hradlo replay <id>`: the answer made again, differences named. */
export const replay: Command = async ({ words, values, client, print }) => {
  const [id] = words;
  if (id === undefined) throw new CliError('hradlo replay <id>', 2);
  const body = await client.json('POST', `/hradlo/v1/answers/${encodeURIComponent(id)}/replay`, {});
  if (values.json) return print(`${JSON.stringify(body, null, 2)}\n`);
  const result = ReplayResponse.parse(body);
  print(`prompt ${result.prompt}, answer ${result.answer}, release ${result.release}\n`);
  for (const difference of result.differences) print(`  · ${difference}\n`);
};

/** `hradlo lineage <document>`: its versions, and the answers that rest on them. */
export const lineage: Command = async ({ words, values, client, print }) => {
  const [id] = words;
  if (id === undefined) throw new CliError('hradlo lineage <document id>', 2);
  const body = await client.json('GET', `/admin/v1/lineage/documents/${encodeURIComponent(id)}`);
  if (values.json) return print(`${JSON.stringify(body, null, 2)}\n`);
  for (const version of LineageResponse.parse(body).versions) {
    print(
      `version ${version.number} ${version.versionId}  file ${short(version.file)}, ${version.chunks} chunks\n`,
    );
    for (const { answerId, cited, at } of version.answers)
      print(`  ${at} ${answerId}${cited ? '' : ' (seen, not cited)'}\n`);
  }
};
