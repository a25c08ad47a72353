import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import type { Browser, Page } from 'playwright-core';
import { sendJson, startBetween, type Between } from '../support/between.ts';
import { launchBrowser, noBrowser, openPage } from '../support/browser.ts';
import { startTestServer } from '../support/server.ts';
import { informative, judged, timing, type Figure, type Proof } from './proof.ts';

const DIST = fileURLToPath(new URL('../../web/dist', import.meta.url));
const MBIT = 1_000_000 / 8;
/** What browsers' own tools call fast and slow 4G. */
const FAST_4G = { downloadThroughput: 9 * MBIT, uploadThroughput: 1.5 * MBIT, latency: 60 };
const SLOW_4G = { downloadThroughput: 1.6 * MBIT, uploadThroughput: 0.75 * MBIT, latency: 150 };
const ROWS = 100_000;
const TOKENS = 5_000;
const TOKENS_PER_SECOND = 250;

const WATCH = `
  window.seen = { lcp: 0, long: [], slowest: 0 };
  new PerformanceObserver((list) => { for (const entry of list.getEntries()) seen.lcp = entry.startTime; })
    .observe({ type: 'largest-contentful-paint', buffered: true });
  new PerformanceObserver((list) => { for (const entry of list.getEntries()) seen.long.push(entry.duration); })
    .observe({ type: 'longtask', buffered: true });
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) if (entry.interactionId) seen.slowest = Math.max(seen.slowest, entry.duration);
  }).observe({ type: 'event', durationThreshold: 16, buffered: true });`;

const read = async (page: Page, expression: string): Promise<number> =>
  Number(await page.evaluate(expression));

/** The largest paint of a first visit under a line and a processor that are slowed. */
async function coldLoad(browser: Browser, url: string, line: typeof FAST_4G): Promise<number> {
  const context = await browser.newContext({ viewport: { width: 390, height: 844 }, locale: 'cs-CZ' });
  await context.addInitScript({ content: WATCH });
  const page = await context.newPage();
  const devtools = await context.newCDPSession(page);
  await devtools.send('Network.enable');
  await devtools.send('Network.emulateNetworkConditions', { offline: false, ...line });
  await devtools.send('Emulation.setCPUThrottlingRate', { rate: 4 });
  await page.goto(url);
  await page.locator('#question').waitFor();
  await page.waitForTimeout(1_500);
  const lcp = await read(page, 'seen.lcp');
  await context.close();
  return lcp;
}

/** Bytes, compressed with gzip, of every script that the first page loads before anything is done. */
async function firstScripts(browser: Browser, url: string): Promise<number> {
  const context = await browser.newContext({ locale: 'cs-CZ' });
  const page = await context.newPage();
  const paths = new Set<string>();
  page.on('request', (request) => {
    if (request.resourceType() === 'script') paths.add(new URL(request.url()).pathname);
  });
  await page.goto(url);
  await page.locator('#question').waitFor();
  await page.waitForLoadState('networkidle');
  await context.close();
  return [...paths].reduce(
    (sum, path) => sum + gzipSync(readFileSync(join(DIST, path)), { level: 9 }).length,
    0,
  );
}

function streamTokens(between: Between): void {
  between.answerWith((incoming, reply) => {
    if (incoming.url !== '/hradlo/v1/answers') return false;
    reply.writeHead(200, { 'content-type': 'text/event-stream' });
    const say = (event: object) => reply.write(`data: ${JSON.stringify(event)}\n\n`);
    say({ type: 'start', answerId: 'a', model: 'm', mode: 'generated' });
    let sent = 0;
    const timer = setInterval(() => {
      for (let count = 0; count < TOKENS_PER_SECOND / 50 && sent < TOKENS; count += 1, sent += 1) {
        const text = sent % 60 === 59 ? '.\n\n' : sent % 9 === 8 ? '**slovo** ' : 'slovo ';
        say({ type: 'text', text, isQuote: false, isContext: false });
      }
      if (sent < TOKENS) return;
      clearInterval(timer);
      say({
        type: 'end',
        finishReason: 'stop',
        grade: null,
        nearby: [],
        dataClass: 'internal',
        inputTokens: 1,
        outputTokens: TOKENS,
      });
      reply.end();
    }, 20);
    return true;
  });
}

/** Processor time of the main thread per token of an answer of 5,000 tokens, whatever it is spent on. */
async function perToken(browser: Browser, between: Between): Promise<number> {
  streamTokens(between);
  const { page, context } = await openPage(browser, between.url);
  await page.locator('#question').fill('Vyprávěj.');
  const devtools = await context.newCDPSession(page);
  // Time of this thread alone: what else the machine does meanwhile does not count.
  await devtools.send('Performance.enable', { timeDomain: 'threadTicks' });
  const busy = async () => {
    const { metrics } = await devtools.send('Performance.getMetrics');
    return 1000 * (metrics.find(({ name }) => name === 'TaskDuration')?.value ?? 0);
  };
  const before = await busy();
  await page.keyboard.press('Enter');
  await page.locator('article div[data-print="hide"] button').first().waitFor({ timeout: 90_000 });
  const spent = (await busy()) - before;
  await context.close();
  return spent / TOKENS;
}

function serveRows(between: Between): void {
  const documents = Array.from({ length: ROWS }, (_row, at) => ({
    id: `d${at}`,
    title: `Směrnice číslo ${at}`,
    sourceKey: `smernice/${at}.md`,
    versionId: `v${at}`,
    language: 'cs',
    sizeBytes: at,
    validFrom: '2024-01-01T00:00:00.000Z',
  }));
  between.answerWith((incoming, reply) =>
    /\/collections\/[^/]+\/documents$/.test(incoming.url ?? '') ? sendJson(reply, 200, { documents }) : false,
  );
}

/** The longest task while a list of 100,000 rows is scrolled from end to end. */
async function scrollRows(browser: Browser, between: Between): Promise<number> {
  serveRows(between);
  const { page, context } = await openPage(browser, `${between.url}/documents/c`);
  await page.locator('[role=row] a').first().waitFor({ timeout: 60_000 });
  await page.evaluate(WATCH);
  await page.mouse.move(700, 500);
  const longest = await scrollList(page, 1);
  await context.close();
  return longest;
}

/** The longest task of 60 steps, short and long, through the list under the mouse: down, or up with -1. */
async function scrollList(page: Page, direction: 1 | -1): Promise<number> {
  await page.waitForTimeout(500);
  await page.evaluate('seen.long.length = 0');
  for (let turn = 0; turn < 60; turn += 1) {
    await page.mouse.wheel(0, direction * (turn % 2 === 0 ? 900 : 60_000));
    await page.waitForTimeout(30);
  }
  return read(page, 'Math.max(0, ...seen.long)');
}

function serveEvents(between: Between): void {
  between.answerWith((incoming, reply) => {
    const { pathname, searchParams } = new URL(incoming.url ?? '', between.url);
    if (pathname !== '/admin/v1/audit/events') return false;
    const from = Number(searchParams.get('after') ?? 0);
    const size = Math.min(Number(searchParams.get('limit')), ROWS - from);
    const events = Array.from({ length: size }, (_event, at) => ({
      sequence: ROWS - from - at,
      chain: 'chain',
      kind: 'answer.recorded',
      at: new Date(1_700_000_000_000 - (from + at) * 1000).toISOString(),
      actor: { issuer: 'hradlo', subject: 'usr' },
      fields: { answerId: `ans_${from + at}` },
      hash: String(from + at),
    }));
    return sendJson(reply, 200, { events, next: from + size < ROWS ? String(from + size) : null });
  });
}

/** The longest task while a record of 100,000 events, read to its beginning page by page, is scrolled back. */
async function scrollEvents(browser: Browser, between: Between): Promise<number> {
  serveEvents(between);
  const { page, context } = await openPage(browser, `${between.url}/operations?tab=audit`);
  const list = page.locator('[role=table] > [role=rowgroup]').last();
  await list.locator('button').first().waitFor();
  await page.evaluate(`new Promise((whole) => {
    const list = [...document.querySelectorAll('[role=table] > [role=rowgroup]')].at(-1);
    const look = () => {
      list.scrollTop = list.scrollHeight;
      if (list.querySelector('[aria-rowindex="${ROWS + 1}"]') === null) setTimeout(look, 5);
      else whole();
    };
    look();
  })`);
  await page.evaluate(WATCH);
  const box = await list.boundingBox();
  await page.mouse.move((box?.x ?? 0) + 100, (box?.y ?? 0) + 100);
  const longest = await scrollList(page, -1);
  await context.close();
  return longest;
}

/** The slowest reaction to a key or a click on the way through the page. */
async function slowestReaction(browser: Browser, url: string): Promise<number> {
  const { page, context } = await openPage(browser, url);
  await page.evaluate(WATCH);
  await page.locator('#question').pressSequentially('Jaká je výpovědní lhůta?', { delay: 15 });
  await page.keyboard.press('Enter');
  await page.locator('blockquote button').first().click();
  await page.locator('mark, [data-mark]').first().waitFor();
  await page.keyboard.press('Escape');
  await page.keyboard.press('Control+k');
  await page.getByRole('combobox').waitFor();
  await page.keyboard.type('dokumenty', { delay: 15 });
  await page.keyboard.press('Enter');
  await page.locator('main ul a').first().click();
  await page.locator('[role=row] a').first().waitFor();
  await page.waitForTimeout(300);
  const slowest = await read(page, 'seen.slowest');
  await context.close();
  return slowest;
}

const ms = (value: number) => `${value.toFixed(value < 10 ? 2 : 0)} ms`;

export const proof: Proof = {
  promise: 'The page is there at once, reacts at once, and stays smooth.',
  async run({ isQuick }) {
    if (noBrowser) return { figures: [informative('not run', noBrowser)] };
    await using server = await startTestServer();
    await using between = await startBetween(server.url);
    const browser = await launchBrowser();
    const timed = (name: string, value: number, most: number): Figure =>
      timing(name, ms(value), `≤ ${most} ms`, value <= most);
    try {
      const kilobytes = (await firstScripts(browser, server.url)) / 1000;
      const figures: Figure[] = [
        judged('first scripts, gzip', `${kilobytes.toFixed(1)} kB`, '≤ 180 kB', kilobytes <= 180),
        timed('largest paint, 4G, processor / 4', await coldLoad(browser, server.url, FAST_4G), 2_000),
        timed('slowest reaction', await slowestReaction(browser, server.url), 100),
      ];
      if (isQuick) return { figures };
      const slow = await coldLoad(browser, server.url, SLOW_4G);
      figures.push(informative('largest paint, slow 4G, processor / 4', ms(slow)));
      figures.push(
        timed('time of the main thread per token, 5,000 tokens', await perToken(browser, between), 1),
      );
      figures.push(timed('longest task scrolling 100,000 rows', await scrollRows(browser, between), 50));
      figures.push(timed('longest task scrolling 100,000 events', await scrollEvents(browser, between), 50));
      return { figures };
    } finally {
      await browser.close();
    }
  },
};
