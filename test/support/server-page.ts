import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { launchBrowser, openPage, type Opened } from './browser.ts';
import { startTestServer, type TestServer } from './server.ts';

export const PASSPHRASE = 'tři hrušky na stole';

/** A server of its own and a page of it. */
export interface ServerPage {
  readonly server: TestServer;
  readonly browser: Browser;
  readonly opened: Opened;
  readonly page: Page;
}

/**
 * Starts a server and opens its page before the tests of the suite that calls it, and ends both after them. What is
 * returned is filled in by then.
 */
export function openServerPage(): ServerPage {
  const started: Partial<{ -readonly [Name in keyof ServerPage]: ServerPage[Name] }> = {};
  before(async () => {
    started.server = await startTestServer();
    started.browser = await launchBrowser();
    started.opened = await openPage(started.browser, started.server.url);
    started.page = started.opened.page;
  });
  after(async () => {
    await started.browser?.close();
    await started.server?.[Symbol.asyncDispose]();
  });
  return started as ServerPage;
}

/** The last test of a suite: nothing went wrong on the way. */
export function testNoFaults(visit: ServerPage): void {
  test('nothing went wrong on the way: no error, no outside request, no breach of the policy', () => {
    assert.deepEqual(visit.opened.faults, { errors: [], outside: [], policy: [] });
  });
}

/** Asks, and does not wait for the answer. */
export async function sendQuestion(page: Page, question: string): Promise<void> {
  await page.getByRole('textbox', { name: 'Otázka' }).fill(question);
  await page.keyboard.press('Enter');
}

/** Asks, and waits until the answer is whole. */
export async function askInPage(page: Page, question: string): Promise<void> {
  await sendQuestion(page, question);
  await page.locator('article svg.lucide-refresh-cw').last().waitFor();
}

/** Makes the first administrator with the link that the server printed, and is signed in as her. */
export async function becomeAdministrator({ page, server }: ServerPage): Promise<void> {
  const token = /#\/set-up\/([\w-]+)/.exec(server.output())?.[1];
  await page.goto(`${server.url}/#/set-up/${token}`);
  await page.reload();
  await page.getByLabel('Přihlašovací jméno').fill('spravce');
  await page.getByLabel('Jméno, jak ho uvidí ostatní').fill('Jana Správcová');
  await page.getByLabel('Heslo').fill(PASSPHRASE);
  await page.getByRole('button', { name: 'Vytvořit účet' }).click();
  await page.getByRole('button', { name: 'Jana Správcová' }).waitFor();
}
