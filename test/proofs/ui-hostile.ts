import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Page } from 'playwright-core';
import { sendEvents, sendJson, startBetween } from '../support/between.ts';
import { launchBrowser, noBrowser, openPage, type Opened } from '../support/browser.ts';
import { HOSTILE_TEXTS } from '../support/hostile-texts.ts';
import { startTestServer } from '../support/server.ts';
import { informative, judged, type Proof } from './proof.ts';

const ALL = HOSTILE_TEXTS.join('\n\n');
const citation = {
  index: 1,
  documentId: 'd',
  versionId: 'v',
  collectionId: 'c',
  chunkId: 'k',
  title: HOSTILE_TEXTS[4],
  headingPath: HOSTILE_TEXTS.slice(0, 6),
  page: null,
  start: 0,
  end: 40,
  quote: ALL,
};
const END = {
  type: 'end',
  finishReason: 'stop',
  grade: 'related',
  nearby: [],
  dataClass: 'internal',
  inputTokens: 1,
  outputTokens: 1,
};

function eventsOf(text: string, mode: 'generated' | 'quoted'): object[] {
  return [
    { type: 'start', answerId: 'a', model: HOSTILE_TEXTS[5], mode },
    { type: 'reasoning', text },
    { type: 'text', text: `${text} [1]`, isQuote: mode === 'quoted', isContext: false },
    { type: 'citation', citation },
    END,
  ];
}

/** Everything that the page shows of documents, hostile. */
function answerHostile(incoming: IncomingMessage, reply: ServerResponse): boolean {
  const path = incoming.url ?? '';
  if (path === '/hradlo/v1/collections') {
    const collections = HOSTILE_TEXTS.map((title, id) => ({ id: `c${id}`, name: `n${id}`, title }));
    return sendJson(reply, 200, { collections });
  }
  if (/^\/hradlo\/v1\/collections\/[^/]+\/documents$/.test(path) && incoming.method === 'GET') {
    const documents = HOSTILE_TEXTS.map((title, id) => ({
      id: `d${id}`,
      title,
      sourceKey: title,
      versionId: 'v',
      language: 'cs',
      sizeBytes: 1,
      validFrom: '2024-01-01T00:00:00.000Z',
    }));
    return sendJson(reply, 200, { documents });
  }
  if (path.endsWith('/passage')) {
    const chunks = HOSTILE_TEXTS.map((text, at) => ({
      headingPath: [text],
      page: null,
      start: at * 1000,
      end: at * 1000 + text.length,
      kind: at % 2 === 0 ? 'text' : 'table',
      text,
    }));
    return sendJson(reply, 200, {
      versionId: 'v',
      documentId: 'd',
      mediaType: 'text/markdown',
      title: ALL,
      validFrom: '2024-01-01T00:00:00.000Z',
      chunks,
    });
  }
  return false;
}

/** What came of it: code that ran, and elements of an answer that no text may become. */
async function inspect(page: Page): Promise<string[]> {
  const found = await page.evaluate(`(() => {
    const bad = [...document.querySelectorAll('img, iframe, script, object, embed, video, base, meta, link, form, style')]
      .filter((element) => element.closest('main') !== null && element.closest('form[data-print]') === null)
      .map((element) => element.outerHTML.slice(0, 80));
    const links = [...document.querySelectorAll('main a[href]')]
      .filter((link) => !/^https?:$/.test(link.protocol)).map((link) => link.href.slice(0, 80));
    return [...bad, ...links, ...(window.hacked === undefined ? [] : ['ran: ' + window.hacked])];
  })()`);
  return Array.isArray(found) ? found.map(String) : ['could not look'];
}

async function askHostile({ page }: Opened, url: string): Promise<void> {
  await page.goto(url);
  await page.locator('#question').fill('Co je nového?');
  await page.keyboard.press('Enter');
  await page.locator('article div[data-print="hide"] button, [role=alert]').first().waitFor();
}

export const proof: Proof = {
  promise: 'Hostile texts of models, documents and names run nothing and load nothing.',
  async run({ isQuick }) {
    if (noBrowser) return { figures: [informative('not run', noBrowser)] };
    await using server = await startTestServer();
    await using between = await startBetween(server.url);
    const browser = await launchBrowser();
    const marks: string[] = [];
    let cuts = 0;
    try {
      const opened = await openPage(browser, between.url);
      const { page, faults } = opened;
      const streams = [...HOSTILE_TEXTS, ALL].flatMap((text) => [
        eventsOf(text, 'generated'),
        eventsOf(text, 'quoted'),
      ]);
      for (const events of isQuick ? streams.slice(-2) : streams) {
        between.answerWith((incoming, reply) =>
          incoming.url === '/hradlo/v1/answers' ? sendEvents(reply, events) : answerHostile(incoming, reply),
        );
        await askHostile(opened, between.url);
        marks.push(...(await inspect(page)));
        await page.locator('article section button').first().click();
        await page.locator('mark').first().waitFor();
        marks.push(...(await inspect(page)));
      }
      for (const path of ['/documents', '/documents/c1', '/evidence/v?from=0&to=40']) {
        await page.goto(between.url + path);
        await page.locator('main h1').first().waitFor();
        await page.waitForTimeout(200);
        marks.push(...(await inspect(page)));
      }
      const whole = Buffer.from(
        eventsOf(ALL, 'generated')
          .map((event) => `data: ${JSON.stringify(event)}\n\n`)
          .join(''),
      );
      const step = Math.ceil(whole.length / (isQuick ? 12 : 160));
      for (let at = 1; at < whole.length; at += step) {
        between.answerWith((incoming, reply) => {
          if (incoming.url !== '/hradlo/v1/answers') return answerHostile(incoming, reply);
          reply.writeHead(200, { 'content-type': 'text/event-stream' });
          reply.write(whole.subarray(0, at), () => reply.destroy());
          return true;
        });
        await askHostile(opened, between.url);
        marks.push(...(await inspect(page)));
        cuts += 1;
      }
      const { outside, policy } = faults;
      return {
        figures: [
          informative('texts', HOSTILE_TEXTS.length),
          informative('streams cut', cuts),
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
