import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { createCanvas, loadImage } from '@napi-rs/canvas';
import { DocumentParser, isQuarantine, toCanonicalText } from '#rag/index.ts';
import { editDistance, freeOrderErrors } from '#test/edit-distance.ts';
import { randomOf } from '#test/hostile-files.ts';
import { documentFiles, testDataFolder } from '#test/test-data.ts';
import { informative, judged, type Figure, type Proof } from './proof.ts';

const RENDERED_TARGET = 0.03;
const SCANNED_TARGET = 0.05;

const SAMPLE = [
  'Pracovní řád společnosti',
  'Zaměstnanec je povinen odevzdat výkaz práce nejpozději do pátého dne',
  'následujícího měsíce. Přesčasovou práci schvaluje předem vedoucí oddělení.',
  'Příplatek za práci přesčas činí 25 % průměrného výdělku, ve svátek 100 %.',
  '§ 12 Náhrada škody',
  '(1) Za škodu způsobenou z nedbalosti odpovídá zaměstnanec nejvýše do částky',
  '58 500 Kč, ledaže jde o škodu způsobenou úmyslně nebo po požití alkoholu.',
  '(2) Žluťoučký kůň úpěl ďábelské ódy; účet č. 19-2000145399/0800.',
  'Smlouva nabývá účinnosti dnem 1. ledna 2026 a uzavírá se na dobu neurčitou.',
  'V Brně dne 17. listopadu 2025, Ing. Kateřina Dvořáková, ředitelka závodu.',
];

/** A page of the sample as a scanner would give it: turned by some degrees, with specks and grey paper. */
function scan(degrees: number, noise: number): { png: Uint8Array; text: string } {
  const canvas = createCanvas(1654, 900);
  const context = canvas.getContext('2d');
  context.fillStyle = '#f0efe8';
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.translate(canvas.width / 2, canvas.height / 2);
  context.rotate((degrees * Math.PI) / 180);
  context.translate(-canvas.width / 2, -canvas.height / 2);
  context.fillStyle = '#202024';
  for (const [index, line] of SAMPLE.entries()) {
    context.font =
      index === 0
        ? 'bold 44px "Liberation Serif", "DejaVu Serif", serif'
        : '32px "Liberation Serif", "DejaVu Serif", serif';
    context.fillText(line, 150, 130 + index * 68);
  }
  const pixels = context.getImageData(0, 0, canvas.width, canvas.height);
  const random = randomOf(Math.round(degrees * 100 + noise * 1000));
  for (let at = 0; at < pixels.data.length; at += 4) {
    const shift = (random() + random() + random() - 1.5) * noise * 255;
    for (let channel = 0; channel < 3; channel++)
      pixels.data[at + channel] = pixels.data[at + channel]! + shift;
  }
  context.putImageData(pixels, 0, 0);
  return { png: canvas.toBuffer('image/png'), text: SAMPLE.join('\n') };
}

const plain = (text: string): string =>
  text
    .normalize('NFKC')
    .replace(/[’‘]/gu, "'")
    .replace(/[“”„]/gu, '"')
    .replace(/(\p{L})-\s+(\p{Ll})/gu, '$1$2')
    .replace(/[^\p{L}\p{N}\p{P}%§]+/gu, ' ')
    .trim();

async function read(parser: DocumentParser, bytes: Uint8Array, fileName: string): Promise<string> {
  const outcome = await parser.parse({ bytes, fileName });
  return isQuarantine(outcome) ? '' : plain(toCanonicalText(outcome).text);
}

const errorRate = (found: string, expected: string): number =>
  editDistance(found, expected) / expected.length;
const mean = (values: readonly number[]): number =>
  values.reduce((a, b) => a + b, 0) / Math.max(1, values.length);

export const proof: Proof = {
  promise: 'scans in Czech and English are read',
  async run({ isQuick }) {
    await using parser = new DocumentParser();
    const kinds = [
      { degrees: 0, noise: 0.05 },
      { degrees: 1.7, noise: 0.15 },
      { degrees: -3.2, noise: 0.1 },
      { degrees: 0.6, noise: 0.3 },
      { degrees: 180, noise: 0.05 },
    ];
    const rendered: number[] = [];
    for (const { degrees, noise } of isQuick ? kinds.slice(1, 2) : kinds) {
      const { png, text } = scan(degrees, noise);
      rendered.push(errorRate(await read(parser, png, 'scan.png'), plain(text)));
    }
    const worst = Math.max(...rendered);
    const figures: Figure[] = [
      judged(
        `character error rate on ${rendered.length} Czech scans with noise and skew, mean`,
        mean(rendered).toFixed(4),
        `≤ ${RENDERED_TARGET}`,
        mean(rendered) <= RENDERED_TARGET,
      ),
      informative('the worst of them', worst.toFixed(4)),
    ];
    const folder = testDataFolder();
    if (folder === undefined || isQuick) return { figures };
    const scans: number[] = [];
    for (const file of documentFiles(folder, 'office-generated/*.png')) {
      const truth = plain(readFileSync(file.replace(/\.png$/u, '.gt.txt'), 'utf8'));
      const image = await loadImage(readFileSync(file));
      if (image.width > 0)
        scans.push(errorRate(await read(parser, readFileSync(file), basename(file)), truth));
    }
    figures.push(
      judged(
        `character error rate on ${scans.length} noisy scans of Czech and English documents, mean`,
        mean(scans).toFixed(4),
        `≤ ${RENDERED_TARGET}`,
        mean(scans) <= RENDERED_TARGET,
      ),
    );
    const paper: number[] = [];
    for (const file of documentFiles(folder, 'tesseract/*.tif')) {
      const truth = readFileSync(file.replace(/\.tif$/u, '.txt'), 'utf8');
      const found = await read(parser, readFileSync(file), basename(file));
      const lines = truth
        .split('\n')
        .map(plain)
        .filter((line) => line.length > 3);
      const letters = lines.reduce((sum, { length }) => sum + length, 0);
      paper.push(freeOrderErrors(lines, found) / letters);
    }
    figures.push(
      judged(
        `character error rate on ${paper.length} scanned pages with a transcript, lines in any order, mean`,
        mean(paper).toFixed(4),
        `≤ ${SCANNED_TARGET}`,
        mean(paper) <= SCANNED_TARGET,
      ),
    );
    return { figures };
  },
};
