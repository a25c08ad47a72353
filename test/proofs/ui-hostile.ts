import type { Browser, Page } from 'playwright-core';
import { z } from 'zod';
import { sendEvents, startBetween, type Between } from '../support/between.ts';
import { launchBrowser, noBrowser, openPage, type Faults } from '../support/browser.ts';
import {
  ALL_HOSTILE,
  answerHostile,
  cutStreams,
  cutTexts,
  HOSTILE_REFUSAL,
  hostileAnswer,
} from '../support/hostile-pages.ts';
import { HOSTILE_TEXTS } from '../support/hostile-texts.ts';
import { startTestServer } from '../support/server.ts';
import { informative, judged, type Proof } from './proof.ts';

/** Pages that read streams at the same time, each in a browser context of its own. */
const LANES = 4;
const QUICK_CUTS = 24;
const PATHS = ['/documents', '/documents/c1', '/evidence/v?from=0&to=40', '/people', '/people?tab=groups'];

/** What came of it: code that ran, and elements that no text may become. */
const INSPECT = `(() => {
  // The page's own forms have no action; what a document or a model says is in text for reading.
  const bad = [...document.querySelectorAll('img, iframe, script, object, embed, video, base, meta, link, style, form[action], .prose form')]
    .filter((element) => element.closest('main, nav, aside') !== null && element.getAttribute('src') !== '/icon.svg')
    .map((element) => element.outerHTML.slice(0, 80));
  const links = [...document.querySelectorAll('main a[href]')]
    .filter((link) => !/^https?:$/.test(link.protocol)).map((link) => link.href.slice(0, 80));
  return [...bad, ...links, ...(window.hacked === undefined ? [] : ['ran: ' + window.hacked])];
})()`;

/** In the page itself: asks again, as its reader would, until as many answers were cut; looks at each of them. */
const askAgain = (times: number) => `(async () => {
  const found = [];
  let shown = 0;
  for (let left = ${times}; left > 0; left -= 1) {
    const before = document.querySelector('article').dataset.turn;
    const again = document.querySelector('article [role=alert] button')
      ?? document.querySelector('article svg.lucide-refresh-cw').closest('button');
    again.click();
    for (;;) {
      await new Promise((done) => requestAnimationFrame(() => done()));
      const article = document.querySelector('article');
      const end = article?.querySelector('[role=alert], svg.lucide-refresh-cw');
      if (end && article.dataset.turn !== before) break;
    }
    if (document.querySelector('article .prose')?.textContent) shown += 1;
    found.push(...${INSPECT});
  }
  return { found, shown };
})()`;

const Inspected = z.array(z.string());
const Asked = z.object({ found: Inspected, shown: z.number() });

const inspect = async (page: Page) => Inspected.parse(await page.evaluate(INSPECT));

async function ask(page: Page, url: string): Promise<void> {
  await page.goto(url);
  await page.locator('#question').fill('Co je nového?');
  await page.keyboard.press('Enter');
  await page.locator('article [role=alert], article svg.lucide-refresh-cw').first().waitFor();
}

/** Each text as an answer, as its source, and as the names of all that has one. */
async function readAll(browser: Browser, between: Between, isQuick: boolean) {
  const { page, faults, context } = await openPage(browser, between.url);
  const marks: string[] = [];
  for (const text of isQuick ? [ALL_HOSTILE] : [...HOSTILE_TEXTS, ALL_HOSTILE]) {
    for (const mode of ['generated', 'quoted'] as const) {
      between.answerWith((incoming, reply) =>
        incoming.url === '/hradlo/v1/answers'
          ? sendEvents(reply, hostileAnswer(text, mode))
          : answerHostile(incoming, reply),
      );
      await ask(page, between.url);
      marks.push(...(await inspect(page)));
      await page.locator('article section button').first().click();
      await page.locator('mark').first().waitFor();
      marks.push(...(await inspect(page)));
    }
  }
  between.answerWith((incoming, reply) =>
    incoming.url === '/hradlo/v1/answers'
      ? sendEvents(reply, HOSTILE_REFUSAL)
      : answerHostile(incoming, reply),
  );
  await ask(page, between.url);
  marks.push(...(await inspect(page)));
  for (const path of PATHS) {
    await page.goto(between.url + path);
    await page.locator('main h1').first().waitFor();
    await page.waitForTimeout(200);
    marks.push(...(await inspect(page)));
  }
  await context.close();
  return { marks, faults };
}

/** One page that is answered with these streams, one after another, each of which breaks off. */
async function readCut(browser: Browser, target: string, streams: readonly Buffer[]) {
  await using between = await startBetween(target);
  let served = 0;
  between.answerWith((incoming, reply) => {
    if (incoming.url !== '/hradlo/v1/answers') return answerHostile(incoming, reply);
    const stream = streams[served];
    served += 1;
    // It ends where it is cut: of a line that breaks the browser throws away what was not yet read.
    reply.writeHead(200, { 'content-type': 'text/event-stream' }).end(stream ?? '');
    return true;
  });
  const { page, faults, context } = await openPage(browser, between.url);
  await ask(page, between.url);
  const first = await inspect(page);
  const { found, shown } = Asked.parse(await page.evaluate(askAgain(streams.length - 1)));
  await context.close();
  return { marks: [...first, ...found], faults, served, shown };
}

/** As many of them as wanted, spread evenly. */
function spread<Item>(items: readonly Item[], most: number): readonly Item[] {
  const step = Math.max(1, Math.ceil(items.length / most));
  return items.filter((_item, at) => at % step === 0);
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

export const proof: Proof = {
  promise: 'Hostile texts of models, documents and names run nothing and load nothing.',
  async run({ isQuick }) {
    if (noBrowser) return { figures: [informative('not run', noBrowser)] };
    await using server = await startTestServer();
    await using between = await startBetween(server.url);
    const browser = await launchBrowser();
    const bytes = cutStreams();
    const all = [...bytes, ...cutTexts('generated'), ...cutTexts('quoted')];
    const streams = isQuick ? spread(all, QUICK_CUTS) : all;
    try {
      const whole = await readAll(browser, between, isQuick);
      const lanes = await Promise.all(
        Array.from({ length: LANES }, (_lane, lane) =>
          readCut(
            browser,
            server.url,
            streams.filter((_stream, at) => at % LANES === lane),
          ),
        ),
      );
      const seen: readonly { readonly marks: string[]; readonly faults: Faults }[] = [whole, ...lanes];
      const marks = seen.flatMap((one) => one.marks);
      const outside = seen.flatMap(({ faults }) => faults.outside);
      const policy = seen.flatMap(({ faults }) => faults.policy);
      const served = sum(lanes.map((lane) => lane.served));
      const shown = sum(lanes.map((lane) => lane.shown));
      return {
        figures: [
          informative('texts', HOSTILE_TEXTS.length),
          informative('bytes of the stream that is cut', bytes.length - 1),
          judged(
            'streams cut, at each byte and after each character',
            served,
            `${streams.length}`,
            served === streams.length,
          ),
          judged('of them with something to show', shown, '> half', shown > served / 2),
          judged('requests to elsewhere', outside.length, '0', outside.length === 0),
          judged('code run, markup or unsafe links made', marks.length, '0', marks.length === 0),
          judged('reports of the policy', policy.length, '0', policy.length === 0),
          ...[...outside, ...marks, ...policy]
            .slice(0, 10)
            .map((text, index) => informative(`found ${index + 1}`, text)),
        ],
      };
    } finally {
      await browser.close();
    }
  },
};
