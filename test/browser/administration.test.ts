import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { startBetween, sendJson, type Between } from '#test/between.ts';
import { keepScreenshot, launchBrowser, noBrowser, openPage, type Opened } from '#test/browser.ts';
import {
  addPerson,
  PASSPHRASE,
  setUpAdministrator,
  startTestServer,
  type TestServer,
} from '#test/running-server.ts';
import type { Visitor } from '#test/visitor.ts';

async function signIn(page: Page, name: string): Promise<void> {
  await page.getByLabel('Přihlašovací jméno').fill(name);
  await page.getByLabel('Heslo').fill(PASSPHRASE);
  await page.getByRole('button', { name: 'Přihlásit se' }).click();
}

suite('administration in the page', { skip: noBrowser }, () => {
  let server: TestServer;
  let between: Between;
  let browser: Browser;
  let opened: Opened;
  let page: Page;
  let administrator: Visitor;
  let folder: string;
  before(async () => {
    server = await startTestServer({ samples: { load: true } });
    administrator = await setUpAdministrator(server);
    const eva = await addPerson(administrator, server.url, { name: 'eva' });
    await addPerson(administrator, server.url, { name: 'audit', roles: ['auditor'] });
    const body = { model: 'hradlo', messages: [{ role: 'user', content: 'Jaká je výpovědní lhůta?' }] };
    await eva.visitor.say('POST', '/hradlo/v1/answers', { body });
    between = await startBetween(server.url);
    browser = await launchBrowser();
    opened = await openPage(browser, between.url);
    ({ page } = opened);
    folder = mkdtempSync(join(tmpdir(), 'hradlo-folder-'));
    mkdirSync(join(folder, 'Smlouvy', '2026'), { recursive: true });
    writeFileSync(join(folder, 'Smlouvy', 'kolo.md'), '# Kola\n\nKlíč od stojanu vydává vrátný.\n');
    writeFileSync(join(folder, 'Smlouvy', '2026', 'auto.md'), '# Auta\n\nAuto půjčuje vedoucí dopravy.\n');
    writeFileSync(join(folder, 'Smlouvy', '.DS_Store'), 'x');
  });
  after(async () => {
    await browser?.close();
    await between?.[Symbol.asyncDispose]();
    await server?.[Symbol.asyncDispose]();
    rmSync(folder, { recursive: true, force: true });
  });

  test('an auditor finds an event, reads what it says, opens the certificate and verifies the record', async () => {
    const auditor = await openPage(browser, server.url);
    await signIn(auditor.page, 'audit');
    await auditor.page.getByRole('link', { name: 'Provoz' }).click();
    await auditor.page.getByRole('tab', { name: 'Záznam událostí' }).waitFor();
    const list = auditor.page.getByRole('table', { name: 'Události' });
    await list.waitFor();
    // Who may only read the record is shown nothing else.
    assert.equal(await auditor.page.getByRole('tab', { name: 'Živě' }).count(), 0);
    await auditor.page.getByLabel('Co se stalo').selectOption('answer.recorded');
    await auditor.page.getByLabel('Kdo').selectOption({ label: 'eva' });
    const row = list.getByRole('button', { name: /Odpověď je zapsána/ });
    await row.click();
    const dialog = auditor.page.getByRole('dialog');
    await dialog.getByText('answerId').waitFor();
    await keepScreenshot(auditor.page, 'audit-event');
    await dialog.getByRole('button', { name: 'Osvědčení odpovědi' }).click();
    await auditor.page.getByRole('dialog', { name: 'Osvědčení odpovědi' }).getByText('Ověřit').waitFor();
    await auditor.page.keyboard.press('Escape');
    await auditor.page.getByLabel('Co je v události').fill('nic takového');
    await auditor.page.getByText('Nic takového v záznamu není.').waitFor();
    await auditor.page.getByRole('button', { name: 'Zrušit výběr' }).click();
    await list.getByRole('button').nth(5).waitFor();
    await auditor.page.getByRole('button', { name: 'Ověřit záznam' }).click();
    await auditor.page.getByText(/^Nedotčený: \d+ událost/).waitFor({ timeout: 30_000 });
    await keepScreenshot(auditor.page, 'audit');
    assert.deepEqual(auditor.faults, { errors: [], outside: [], policy: [] });
    await auditor.context.close();
  });

  test('attributes of a person are edited, and a clearance that is none is not saved', async () => {
    await signIn(page, 'spravce');
    await page.getByRole('textbox', { name: 'Otázka' }).waitFor();
    await page.goto(`${between.url}/people`);
    await page.getByRole('button', { name: 'Upravit: eva' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('button', { name: 'Přidat vlastnost' }).click();
    await dialog.getByLabel('Vlastnost člověka').fill('clearance');
    await dialog.getByLabel('Hodnoty vlastnosti clearance').selectOption('confidential');
    await dialog.getByRole('button', { name: 'Přidat vlastnost' }).click();
    await dialog.getByLabel('Vlastnost člověka').nth(1).fill('department');
    await dialog.getByLabel('Hodnoty vlastnosti department').fill('právní, mzdy');
    await keepScreenshot(page, 'attributes');
    await dialog.getByRole('button', { name: 'Uložit změny' }).click();
    await dialog.waitFor({ state: 'detached' });
    const { people } = await administrator.expect(200, 'GET', '/admin/v1/people');
    const eva = (people as { name: string; attributes: object }[]).find(({ name }) => name === 'eva');
    assert.deepEqual(eva?.attributes, { clearance: ['confidential'], department: ['právní', 'mzdy'] });
    await page.getByRole('button', { name: 'Upravit: eva' }).click();
    await dialog.getByRole('button', { name: 'Odebrat vlastnost department' }).click();
    await dialog.getByRole('button', { name: 'Uložit změny' }).click();
    await dialog.waitFor({ state: 'detached' });
  });

  test('a price is set, shown and taken away', async () => {
    await page.goto(`${between.url}/people?tab=limits`);
    await page.getByText('Žádný model nemá cenu').waitFor();
    await page.getByLabel('Model', { exact: true }).fill('hradlo');
    await page.getByLabel('Dotaz', { exact: true }).fill('0.5');
    await page.getByLabel('Odpověď', { exact: true }).fill('1.25');
    await page.getByRole('button', { name: 'Uložit cenu' }).click();
    await page.getByText('za 1000 tokenů: 0,5 dotaz, 1,25 odpověď').waitFor();
    await keepScreenshot(page, 'prices');
    await page.getByRole('button', { name: 'Odebrat cenu: hradlo' }).click();
    await page.getByText('Žádný model nemá cenu').waitFor();
  });

  const openCollection = async () => {
    await page.goto(`${between.url}/documents`);
    await page.getByRole('link', { name: /Ukázkové dokumenty/ }).click();
    await page.getByRole('button', { name: 'Vybrat složku' }).first().waitFor();
  };

  test('a folder is dropped, and everything in it comes in under its path', async () => {
    await openCollection();
    const box = (await page.locator('[data-drop]').boundingBox())!;
    const at = { x: box.x + 20, y: box.y + 20 };
    const session = await page.context().newCDPSession(page);
    const data = { items: [], files: [join(folder, 'Smlouvy')], dragOperationsMask: 1 };
    for (const type of ['dragEnter', 'dragOver', 'drop'] as const)
      await session.send('Input.dispatchDragEvent', { type, ...at, data });
    await page.getByRole('link', { name: 'Kola' }).waitFor({ timeout: 60_000 });
    await page.getByRole('link', { name: 'Auta' }).waitFor({ timeout: 60_000 });
    await page.getByText('Smlouvy/2026/auto.md').waitFor();
    assert.equal(await page.getByText('.DS_Store').count(), 0);
  });

  test('a file that the server does not take says why, is tried again or taken off', async () => {
    await openCollection();
    between.answerWith(
      (incoming, reply) =>
        incoming.method === 'POST' &&
        /\/(files|documents)\?/.test(incoming.url ?? '') &&
        sendJson(reply, 507, { status: 507, code: 'storage.full', title: 'x', detail: 'x', instance: 'r1' }),
    );
    writeFileSync(join(folder, 'Smlouvy', 'vlak.md'), '# Vlaky\n\nJízdenku na vlak proplácí pokladna.\n');
    await page.getByLabel('Vybrat složku').last().setInputFiles(join(folder, 'Smlouvy'));
    await page.getByText('Odesláno 0 z 3.').waitFor();
    await page.getByText('3 soubory se nepodařilo odeslat.').waitFor();
    await keepScreenshot(page, 'upload-failed');
    await page.getByRole('button', { name: 'Zrušit odesílání: Smlouvy/kolo.md' }).click();
    between.answerWith(undefined);
    await page.getByRole('button', { name: 'Zkusit všechny znovu' }).click();
    await page.getByRole('link', { name: 'Vlaky' }).waitFor({ timeout: 60_000 });
    assert.equal(await page.getByText(/se nepodařilo odeslat/).count(), 0);
  });

  test('an upload that takes long shows how far it is, and is cancelled', async () => {
    await openCollection();
    between.answerWith((incoming) =>
      incoming.method === 'POST' && /\/documents\?/.test(incoming.url ?? '')
        ? new Promise<boolean>(() => undefined)
        : false,
    );
    const buffer = Buffer.alloc(200_000, 'a');
    await page
      .getByLabel('Vybrat soubory')
      .last()
      .setInputFiles({ name: 'dlouhy.txt', mimeType: 'text/plain', buffer });
    await page.getByRole('progressbar', { name: 'Odesílá se dlouhy.txt' }).waitFor();
    await page.getByRole('button', { name: 'Zrušit odesílání: dlouhy.txt' }).click();
    await page.getByText('dlouhy.txt').waitFor({ state: 'detached' });
    between.answerWith(undefined);
  });

  test('nothing went wrong on the way', () => {
    assert.deepEqual(opened.faults, { errors: [], outside: [], policy: [] });
  });
});
