import type { Page } from 'playwright-core';

/** A state of the page, and how to get there from any other. */
export interface Stop {
  readonly name: string;
  go(page: Page, url: string): Promise<void>;
}

const QUESTION = 'Jaká je výpovědní lhůta?';

/** Asks over a new conversation and waits for the end of the answer. */
export async function ask(page: Page, url: string, question: string): Promise<void> {
  await page.goto(url);
  await page.locator('#question').fill(question);
  await page.keyboard.press('Enter');
  await page.locator('article div[data-print="hide"] button').first().waitFor();
}

async function openSource(page: Page, url: string): Promise<void> {
  await ask(page, url, QUESTION);
  await page.locator('blockquote button').first().click();
  await page.locator('mark, [data-mark]').first().waitFor();
}

const at = (path: string, ready: string) => async (page: Page, url: string) => {
  await page.goto(url + path);
  await page.locator(ready).first().waitFor();
};

async function openDocument(page: Page, url: string): Promise<void> {
  await page.goto(`${url}/documents`);
  await page.locator('main ul a').first().click();
  await page.locator('[role=row] a').first().click();
  await page.locator('[role=tab]').first().waitFor();
}

const tab = (number: number, go: Stop['go']) => async (page: Page, url: string) => {
  await go(page, url);
  await page.locator('[role=tab]').nth(number).click();
  await page.locator('[role=tabpanel]').waitFor();
};

async function withKeys(page: Page, url: string, keys: string): Promise<void> {
  await page.goto(`${url}/documents`);
  await page.locator('main h1').waitFor();
  await page.keyboard.press(keys);
  await page.locator('dialog[open]').waitFor();
}

async function escalate(page: Page, url: string): Promise<void> {
  await ask(page, url, 'Kolik klokanů žije v Austrálii?');
  await page.locator('article svg.lucide-send-horizontal').click();
  await page.locator('article textarea').waitFor();
}

async function handOn(page: Page, url: string): Promise<void> {
  await escalate(page, url);
  await page.locator('article form button[type=submit]').click();
  await page.locator('article textarea').waitFor({ state: 'detached' });
  await page.goto(`${url}/notes`);
  await page.locator('main li button').first().waitFor();
}

async function sayWhy(page: Page, url: string): Promise<void> {
  await ask(page, url, QUESTION);
  await page.locator('article svg.lucide-thumbs-down').click();
  await page.locator('fieldset button').first().click();
  await page.locator('fieldset textarea').waitFor();
}

async function openNewCollection(page: Page, url: string): Promise<void> {
  await page.goto(`${url}/documents`);
  await page.locator('svg.lucide-folder-plus').click();
  await page.locator('dialog[open] input').waitFor();
}

async function openEvent(page: Page, url: string): Promise<void> {
  await page.goto(`${url}/operations?tab=audit`);
  await page.locator('[role=table] button').first().click();
  await page.locator('dialog[open] dl').first().waitFor();
}

/** Every page and the states that lie over them, for whoever may see all of them. */
export const TOUR: readonly Stop[] = [
  { name: 'ask', go: at('/', '#question') },
  { name: 'answer', go: (page, url) => ask(page, url, QUESTION) },
  { name: 'evidence', go: openSource },
  { name: 'insufficient', go: (page, url) => ask(page, url, 'Kolik klokanů žije v Austrálii?') },
  { name: 'documents', go: at('/documents', 'main h1') },
  {
    name: 'collection',
    go: async (page, url) => {
      await page.goto(`${url}/documents`);
      await page.locator('main ul a').first().click();
      await page.locator('[role=row] a').first().waitFor();
    },
  },
  { name: 'document', go: openDocument },
  { name: 'document-outline', go: tab(1, openDocument) },
  { name: 'document-chunks', go: tab(2, openDocument) },
  { name: 'document-versions', go: tab(3, openDocument) },
  { name: 'document-access', go: tab(4, openDocument) },
  { name: 'people', go: at('/people', '[role=tabpanel]') },
  { name: 'groups', go: tab(1, at('/people', '[role=tab]')) },
  { name: 'rights', go: tab(2, at('/people', '[role=tab]')) },
  { name: 'review', go: at('/people?tab=review', '[role=tabpanel] p') },
  { name: 'limits', go: at('/people?tab=limits', '[role=tabpanel] form') },
  { name: 'models', go: at('/models', 'main ul li') },
  { name: 'operations', go: at('/operations', 'dl') },
  { name: 'jobs', go: at('/operations?tab=jobs', '[role=tabpanel] li') },
  { name: 'health', go: at('/operations?tab=health', '[role=tabpanel] li') },
  { name: 'synonyms', go: at('/operations?tab=synonyms', '[role=tabpanel] textarea') },
  { name: 'audit', go: at('/operations?tab=audit', '[role=table] button') },
  { name: 'audit-event', go: openEvent },
  { name: 'tenants', go: at('/operations?tab=tenants', '[role=tabpanel] form') },
  { name: 'about', go: at('/operations?tab=about', '[role=tabpanel] table') },
  { name: 'start', go: at('/start', 'main section li') },
  { name: 'start-hardware', go: at('/start?step=hardware', 'main section dl') },
  { name: 'start-monitoring', go: at('/start?step=monitoring', 'main section li') },
  { name: 'start-done', go: at('/start?step=done', 'main section button') },
  { name: 'escalate', go: escalate },
  { name: 'notes', go: handOn },
  { name: 'feedback', go: sayWhy },
  { name: 'new-collection', go: openNewCollection },
  { name: 'account', go: at('/account', 'main h1') },
  { name: 'palette', go: (page, url) => withKeys(page, url, 'Control+k') },
  { name: 'shortcuts', go: (page, url) => withKeys(page, url, '?') },
  { name: 'missing', go: at('/no/such/page', 'main h1') },
];
