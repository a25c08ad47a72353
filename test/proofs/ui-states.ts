import type { Page } from 'playwright-core';
import { sendEvents, sendJson, startBetween, type Answer, type Between } from '../support/between.ts';
import { launchBrowser, noBrowser, openPage } from '../support/browser.ts';
import { startTestServer } from '../support/server.ts';
import { informative, judged, type Proof } from './proof.ts';

const problem = (status: number, code: string) => ({
  status,
  code,
  title: code,
  detail: code,
  instance: 'r1',
});
const START = { type: 'start', answerId: 'a', model: 'hradlo', mode: 'quoted' };

const refusing =
  (status: number, code: string): Answer =>
  (incoming, reply) =>
    incoming.url === '/hradlo/v1/answers' && sendJson(reply, status, problem(status, code));

const emptyLists: Answer = (incoming, reply) => {
  const path = incoming.url ?? '';
  if (path === '/hradlo/v1/collections') return sendJson(reply, 200, { collections: [] });
  return false;
};

const failingLists: Answer = (incoming, reply) =>
  /^\/(hradlo|admin)\/v1\/(collections|people|groups|versions)|^\/metrics/.test(incoming.url ?? '') &&
  sendJson(reply, 500, problem(500, 'internal'));

interface State {
  readonly name: string;
  /** How it comes about, what is shown, and how it passes. */
  run(page: Page, between: Between): Promise<void>;
}

async function askFor(page: Page, between: Between): Promise<void> {
  await page.goto(between.url);
  await page.locator('#question').fill('Jaká je výpovědní lhůta?');
  await page.keyboard.press('Enter');
}

const seen = (page: Page, text: string | RegExp) => page.getByText(text).first().waitFor({ timeout: 15_000 });

/** A refusal is said in words, and asking again after it has passed gives the answer. */
const refusal = (name: string, answer: Answer, text: string): State => ({
  name,
  async run(page, between) {
    between.answerWith(answer);
    await askFor(page, between);
    await seen(page, text);
    between.answerWith(undefined);
    await page.getByRole('button', { name: 'Zkusit znovu' }).click();
    await page.locator('blockquote').first().waitFor();
  },
});

/** A page whose list cannot be loaded says so, and loads it when asked again. */
const brokenList = (path: string, text: string): State => ({
  name: `error on ${path}`,
  async run(page, between) {
    between.answerWith(failingLists);
    await page.goto(between.url + path);
    await seen(page, text);
    between.answerWith(undefined);
    await page.getByRole('button', { name: 'Zkusit znovu' }).first().click();
    await page.getByText(text).first().waitFor({ state: 'detached' });
  },
});

/** Every page that loads something, and something that is on it once it has. */
const PAGES: readonly (readonly [path: string, ready: string])[] = [
  ['/documents', 'main ul a'],
  ['/people', '[role=tabpanel] > *'],
  ['/people?tab=groups', '[role=tabpanel] form'],
  ['/people?tab=rights', '[role=tabpanel] form'],
  ['/people?tab=review', '[role=tabpanel] select'],
  ['/people?tab=limits', '[role=tabpanel] form'],
  ['/models', 'main ul li'],
  ['/operations', 'main dl'],
  ['/operations?tab=jobs', '[role=tabpanel] li'],
  ['/operations?tab=health', '[role=tabpanel] li'],
  ['/operations?tab=tenants', '[role=tabpanel] form'],
  ['/operations?tab=audit', '[role=table] button'],
  ['/operations?tab=about', '[role=tabpanel] table'],
  ['/notes', 'main h2'],
  ['/start?step=hardware', 'main section dl'],
];

const isData = (path: string) =>
  /^\/(hradlo|admin)\/v1\/|^\/metrics/.test(path) && !/\/v1\/(session|conversations)/.test(path);

/** A page whose requests fail says so, and is whole again when it is asked again. */
const failing = ([path, ready]: (typeof PAGES)[number]): State => ({
  name: `error on ${path}`,
  async run(page, between) {
    between.answerWith(
      (incoming, reply) => isData(incoming.url ?? '') && sendJson(reply, 500, problem(500, 'internal')),
    );
    await page.goto(between.url + path);
    const alert = page.locator('main [role=alert]').first();
    await alert.waitFor({ timeout: 15_000 });
    between.answerWith(undefined);
    const again = page.locator('main [role=alert] button').first();
    if ((await again.count()) > 0) await again.click();
    else await page.reload();
    await page.locator(ready).first().waitFor({ timeout: 15_000 });
  },
});

/** A page whose answers take long shows where they will be, and then what came. */
const slow = ([path, ready]: (typeof PAGES)[number]): State => ({
  name: `slow line on ${path}`,
  async run(page, between) {
    const held: (() => void)[] = [];
    let isHeld = true;
    between.answerWith((incoming) => {
      if (!isHeld || !isData(incoming.url ?? '')) return false;
      return new Promise<boolean>((resolve) => held.push(() => resolve(false)));
    });
    await page.goto(between.url + path);
    await page.locator('main [role=status]').first().waitFor({ timeout: 15_000 });
    isHeld = false;
    for (const go of held) go();
    await page.locator(ready).first().waitFor({ timeout: 15_000 });
    between.answerWith(undefined);
  },
});

/** A page on which the session turns out to be over asks to sign in where one is. */
const expired = ([path]: (typeof PAGES)[number]): State => ({
  name: `session over on ${path}`,
  async run(page, between) {
    between.answerWith(
      (incoming, reply) => isData(incoming.url ?? '') && sendJson(reply, 401, problem(401, 'auth.required')),
    );
    await page.goto(between.url + path);
    await seen(page, 'Přihlášení vypršelo');
    between.answerWith(undefined);
  },
});

const STATES: readonly State[] = [
  refusal('engine crashed', refusing(502, 'engine.crashed'), 'Model se zastavil'),
  refusal('too many ask', refusing(503, 'engine.overloaded'), 'Právě se ptá mnoho lidí'),
  refusal('limit reached', refusing(429, 'limit.exceeded'), 'Vyčerpali jste limit'),
  refusal('no record, no answer', refusing(503, 'record.unavailable'), 'Záznam teď nelze uložit'),
  refusal('disk full', refusing(507, 'storage.full'), 'Na serveru došlo místo'),
  refusal(
    'stream cut',
    (incoming, reply) => {
      if (incoming.url !== '/hradlo/v1/answers') return false;
      reply.writeHead(200, { 'content-type': 'text/event-stream' });
      const part = { type: 'text', text: 'Dva měsíce.', isQuote: true, isContext: false };
      reply.write(`data: ${JSON.stringify(START)}\n\ndata: ${JSON.stringify(part)}\n\n`, () =>
        reply.destroy(),
      );
      return true;
    },
    'Spojení se přerušilo uprostřed odpovědi',
  ),
  {
    name: 'slow line',
    async run(page, between) {
      let finish = () => undefined as void;
      between.answerWith((incoming, reply) => {
        if (incoming.url !== '/hradlo/v1/answers') return false;
        finish = () => void sendEvents(reply, [START]);
        return true;
      });
      await askFor(page, between);
      await seen(page, 'Hledám ve vašich dokumentech');
      await seen(page, 'Trvá to déle než obvykle');
      await page.getByRole('button', { name: 'Zastavit odpověď' }).click();
      await seen(page, 'Odpověď byla zastavena');
      finish();
      between.answerWith(undefined);
    },
  },
  {
    name: 'server restarts',
    async run(page, between) {
      await page.goto(`${between.url}/documents`);
      await page.locator('main ul a').first().waitFor();
      between.answerWith((incoming) => {
        incoming.socket.destroy();
        return true;
      });
      await page.locator('main ul a').first().click();
      await seen(page, 'Server neodpovídá');
      between.answerWith((incoming, reply) => sendJson(reply, 503, problem(503, 'server.draining')));
      await seen(page, 'Server se právě spouští');
      between.answerWith(undefined);
      await seen(page, 'Spojení je zpět');
      await page.locator('[role=row] a').first().waitFor();
    },
  },
  {
    name: 'offline',
    async run(page, between) {
      await page.goto(between.url);
      await page.locator('#question').fill('Rozepsaná otázka');
      await page.context().setOffline(true);
      await seen(page, 'Nejste připojeni k síti');
      await page.context().setOffline(false);
      await seen(page, 'Spojení je zpět');
      await page.reload();
      if ((await page.locator('#question').inputValue()) !== 'Rozepsaná otázka')
        throw new Error('the draft is lost');
      await page.locator('#question').fill('');
    },
  },
  {
    name: 'nothing to read',
    async run(page, between) {
      between.answerWith(emptyLists);
      await page.goto(`${between.url}/documents`);
      await seen(page, 'Zatím tu nejsou žádné dokumenty');
      between.answerWith(undefined);
    },
  },
  {
    name: 'a source that is gone',
    async run(page, between) {
      await page.goto(`${between.url}/evidence/ver_00000000000000000000000000`);
      await seen(page, 'Takový dokument tu není');
    },
  },
  {
    name: 'no such page, no such conversation',
    async run(page, between) {
      await page.goto(`${between.url}/nikde`);
      await seen(page, 'Tato stránka neexistuje');
      await page.goto(`${between.url}/c/nikdy`);
      await seen(page, 'Tento rozhovor tu není');
    },
  },
  brokenList('/documents', 'Seznam dokumentů se nepodařilo načíst'),
  brokenList('/people', 'Seznam lidí se nepodařilo načíst'),
  brokenList('/operations', 'Měření se nepodařilo načíst'),
  ...PAGES.map(failing),
  ...PAGES.map(slow),
  ...PAGES.map(expired),
  {
    name: 'session ends, and begins again where one was',
    async run(page, between) {
      between.answerWith((incoming, reply) =>
        incoming.url?.startsWith('/hradlo/v1/collections') === true
          ? sendJson(reply, 401, problem(401, 'auth.required'))
          : false,
      );
      await page.goto(`${between.url}/documents`);
      await seen(page, 'Přihlášení vypršelo');
      between.answerWith(undefined);
    },
  },
];

export const proof: Proof = {
  promise: 'Each thing that goes wrong has a state that says so, and passes by itself where it can.',
  async run({ isQuick }) {
    if (noBrowser) return { figures: [informative('not run', noBrowser)] };
    await using server = await startTestServer();
    await using between = await startBetween(server.url);
    const browser = await launchBrowser();
    const failed: string[] = [];
    try {
      const { page } = await openPage(browser, between.url);
      for (const state of isQuick ? STATES.slice(4, 9) : STATES) {
        try {
          await state.run(page, between);
        } catch (error) {
          failed.push(`${state.name}: ${String(error).split('\n')[0]}`);
          between.answerWith(undefined);
          await page.context().setOffline(false);
        }
      }
    } finally {
      await browser.close();
    }
    return {
      figures: [
        informative('states', isQuick ? 5 : STATES.length),
        judged('states not as designed', failed.length, '0', failed.length === 0),
        ...failed.map((text, index) => informative(`failed ${index + 1}`, text)),
      ],
    };
  },
};
