import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createWorker, OEM, type Worker } from 'tesseract.js';
import type { Box } from '../parsed-document.ts';

/** A word read from a picture. */
export interface ReadWord {
  readonly text: string;
  readonly box: Box;
  /** From 0 to 1. */
  readonly confidence: number;
  /** Height of its line and where the line's letters stand, in pixels. */
  readonly lineHeight: number;
  /** Which line of the picture it stands on. */
  readonly line: number;
  readonly baseline: number;
}

const LANGUAGES = ['ces', 'eng'];
// The whole-number models: a quarter of the size, made from the best ones, and the only ones this engine needs.
const MODELS = '4.0.0_best_int';

function modelPath(language: string): string {
  return fileURLToPath(
    import.meta.resolve(`@tesseract.js-data/${language}/${MODELS}/${language}.traineddata.gz`),
  );
}

function toBox({ x0, y0, x1, y1 }: { x0: number; y0: number; x1: number; y1: number }): Box {
  return [x0, y0, x1, y1];
}

/** Reads Czech and English out of pictures, offline. */
export class Recognizer implements AsyncDisposable {
  #worker: Promise<Worker> | undefined;
  #folder: string | undefined;

  /** The words of a picture. */
  async read(png: Uint8Array): Promise<ReadWord[]> {
    this.#worker ??= this.#start();
    const worker = await this.#worker;
    const { data } = await worker.recognize(Buffer.from(png), {}, { blocks: true, text: false });
    const lines = (data.blocks ?? []).flatMap(({ paragraphs }) => paragraphs.flatMap(({ lines }) => lines));
    return lines.flatMap((line, index) =>
      line.words.map((word) => ({
        text: word.text,
        box: toBox(word.bbox),
        confidence: word.confidence / 100,
        line: index,
        lineHeight: line.bbox.y1 - line.bbox.y0,
        baseline: (line.baseline.y0 + line.baseline.y1) / 2,
      })),
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const worker = await this.#worker?.catch(() => undefined);
    await worker?.terminate();
    if (this.#folder !== undefined) rmSync(this.#folder, { recursive: true, force: true });
  }

  /** The engine wants the models of all languages in one folder. */
  #start(): Promise<Worker> {
    const folder = mkdtempSync(join(tmpdir(), 'hradlo-ocr-'));
    this.#folder = folder;
    for (const language of LANGUAGES)
      copyFileSync(modelPath(language), join(folder, `${language}.traineddata.gz`));
    return createWorker(LANGUAGES, OEM.LSTM_ONLY, {
      langPath: folder,
      cacheMethod: 'none',
      gzip: true,
      errorHandler: () => undefined,
    });
  }
}
