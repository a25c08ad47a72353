import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import type { Page } from 'playwright-core';
import { keepScreenshot, noBrowser, openPage } from '#test/browser.ts';
import { askInPage, becomeAdministrator, openServerPage, testNoFaults } from '#test/server-page.ts';
import { tinyGguf } from '#test/tiny-gguf.ts';

/** Whether the whole box is within the window and nothing lies over it. */
async function isInSight(page: Page, selector: string): Promise<boolean> {
  const found = await page.evaluate(`(() => {
    const element = document.querySelector(${JSON.stringify(selector)});
    const box = element.getBoundingClientRect();
    // The first line: between the lines of a text lies what is around it.
    const first = element.getClientRects()[0];
    const there = document.elementsFromPoint(first.left + first.width / 2, first.top + first.height / 2);
    return box.top >= 0 && box.bottom <= innerHeight && there.includes(element);
  })()`);
  return found === true;
}

suite('the main action of every page', { skip: noBrowser }, () => {
  const visit = openServerPage();
  let page: Page;
  let url: string;
  let folder: string;
  before(() => {
    ({ page } = visit);
    ({ url } = visit.server);
    folder = mkdtempSync(join(tmpdir(), 'hradlo-pages-'));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  test('first run: five steps, each can be skipped, and at the end a question over the sample', async () => {
    await page.goto(`${url}/start`);
    for (const title of ['Kdo bude odpovídat', 'Co má tento stroj', 'Kde se bude počítat']) {
      await page.getByRole('heading', { name: title }).waitFor();
      await page.getByRole('button', { name: 'Přeskočit' }).click();
    }
    await page.getByRole('heading', { name: 'Kdo se sem dostane' }).waitFor();
    await page.getByRole('button', { name: 'Pokračovat' }).click();
    await page.getByRole('heading', { name: 'Jak poznáte, že je vše v pořádku' }).waitFor();
    await page.getByRole('button', { name: 'Pokračovat' }).click();
    await page.getByRole('button', { name: 'Zeptat se v ukázce' }).click();
    await page.getByRole('button', { name: /^Kde hledat: Ukázkové/ }).waitFor();
    await askInPage(page, 'Kolik týdnů dovolené mám za rok?');
    assert.match(await page.locator('blockquote').first().innerText(), /pět týdnů/);
  });

  test('a question as of a day is answered from what held then', async () => {
    await page.goto(url);
    await page.getByRole('button', { name: /^Platnost/ }).click();
    await page.getByLabel('Ke kterému dni').fill('2024-06-15');
    await page.keyboard.press('Escape');
    await askInPage(page, 'Jak dlouhá je zkušební doba?');
    assert.match(await page.locator('blockquote').first().innerText(), /tři měsíce/);
    await page
      .getByText(/Platné k 15\. 6\. 2024/)
      .first()
      .waitFor();
  });

  test('a citation from a PDF opens the page itself, marked where the words stand', async () => {
    await page.goto(url);
    await askInPage(page, 'Jak dlouhou záruku má obec na dodané dílo?');
    await page.locator('blockquote button').first().click();
    const source = page.getByRole('complementary', { name: 'Zdroj' });
    await source.locator('[data-mark]').first().waitFor();
    await source.getByText('3 / 4').waitFor();
    assert.ok(await isInSight(page, 'aside [data-mark]'), 'the mark is in sight');
    await keepScreenshot(page, 'journey-pdf');
    await source.getByRole('link', { name: 'Otevřít celý dokument' }).click();
    await page.getByRole('tab', { name: 'Původní soubor' }).waitFor();
    await page.locator('[data-mark]').first().waitFor();
  });

  test('versions of a document are compared', async () => {
    await page.goto(`${url}/documents`);
    await page.getByRole('link', { name: /Ukázkové dokumenty/ }).click();
    await page.getByRole('searchbox').fill('personalni');
    await page.getByRole('link', { name: 'Personální pravidla' }).click();
    await page.getByRole('tab', { name: 'Verze' }).click();
    await page.getByLabel('Porovnat s verzí').selectOption({ index: 1 });
    await page.locator('ins').first().waitFor();
    assert.ok((await page.locator('del').count()) > 0);
  });

  test('a question without an answer is handed on, and settled by who minds the documents', async () => {
    await page.goto(url);
    await askInPage(page, 'Kolik klokanů žije v Austrálii?');
    await page.getByRole('button', { name: 'Předat otázku správcům dokumentů' }).click();
    await page.getByLabel(/^Chcete k otázce něco dodat/).fill('Spěchá to.');
    await page.getByRole('button', { name: 'Předat', exact: true }).click();
    await page.getByText('Předáno. Správci dokumentů otázku uvidí.').first().waitFor();
    await page.goto(`${url}/notes`);
    await page.getByText('Spěchá to.').waitFor();
    await page.getByRole('button', { name: 'Vyřízeno' }).click();
    await page.getByRole('heading', { name: 'Žádné podněty nečekají' }).waitFor();
  });

  test('a collection is made, and says what to do next', async () => {
    await page.goto(`${url}/documents`);
    await page.getByRole('button', { name: 'Nová sbírka' }).click();
    await page.getByLabel('Název sbírky').fill('Stavební deník');
    await page.getByRole('dialog').getByRole('button', { name: 'Nová sbírka' }).click();
    await page.getByRole('heading', { name: 'Stavební deník' }).waitFor();
    await page.getByText('Sbírka je zatím prázdná').waitFor();
    await keepScreenshot(page, 'journey-empty-collection');
  });

  test('the server is looked over, and its record is taken away', async () => {
    await page.goto(`${url}/operations?tab=health`);
    await page.getByRole('button', { name: 'Zkontrolovat znovu' }).click();
    await page.getByRole('tab', { name: 'Záznam událostí' }).click();
    const download = page.waitForEvent('download');
    await page.getByRole('link', { name: 'Stáhnout záznam' }).click();
    assert.equal((await download).suggestedFilename(), 'hradlo-audit.jsonl');
  });

  test('a model that cannot be had says why, and nothing is lost', async () => {
    await page.goto(`${url}/models`);
    await page.getByRole('button', { name: 'Přidat model' }).click();
    await page.getByLabel('Odkud').fill('/nikde/model.gguf');
    await page.getByLabel('Název').fill('zkouska');
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('button', { name: 'Přidat model' }).click();
    await dialog.waitFor({ state: 'detached' });
    await page.getByText(/^Poslední model se načíst nepodařilo\. \S/).waitFor();
    await page.getByText('odpovídá', { exact: true }).waitFor();
  });

  test('a dialog closes by Escape, whatever it is doing', async () => {
    const dialog = page.getByRole('dialog');
    const open = async () => {
      await page.getByRole('button', { name: 'Přidat model' }).click();
      await dialog.waitFor();
    };
    const close = async () => {
      await page.keyboard.press('Escape');
      await dialog.waitFor({ state: 'detached' });
    };
    await open();
    await close();
    for (const label of ['Odkud', 'Název', 'Co bude dělat']) {
      await open();
      await page.getByLabel(label).focus();
      await close();
    }
    const held = Promise.withResolvers<void>();
    await page.route('**/admin/v1/models', async (route) => {
      if (route.request().method() !== 'POST') return route.continue();
      await held.promise;
      return route.fulfill({ status: 400, json: { code: 'input.invalid', detail: 'Ne.' } });
    });
    const send = async () => {
      await page.getByLabel('Odkud').fill('/nikde/model.gguf');
      await page.getByLabel('Název').fill('zkouska');
      await dialog.getByRole('button', { name: 'Přidat model' }).click();
    };
    await open();
    await send();
    await page.locator('dialog button[type=submit]:disabled').waitFor();
    await close();
    held.resolve();
    await page.getByText('Server požadavku nerozuměl: Ne.').first().waitFor();
    await open();
    await send();
    await page.getByText('Server požadavku nerozuměl: Ne.').nth(1).waitFor();
    await close();
    await page.unroute('**/admin/v1/models');
  });

  test('a model is added, answers, leaves the memory and comes back', async () => {
    const file = join(folder, 'maly.gguf');
    writeFileSync(file, tinyGguf());
    await page.goto(`${url}/models`);
    await page.getByRole('button', { name: 'Přidat model' }).click();
    await page.getByLabel('Odkud').fill(file);
    await page.getByLabel('Název').fill('maly');
    await page.getByRole('dialog').getByRole('button', { name: 'Přidat model' }).click();
    const row = page.getByRole('listitem').filter({ hasText: 'maly' }).first();
    await row.getByText(/^připraven/).waitFor();
    rmSync(file);
    await row.getByRole('button', { name: 'Nechat odpovídat' }).click();
    await row.getByText('odpovídá', { exact: true }).waitFor();
    await row.getByRole('button', { name: 'Uvolnit z paměti' }).click();
    await row.getByText(/^není v paměti · uložen na tomto serveru$/).waitFor();
    await row.getByText(/^Zatím odpovídají doslovné citace/).waitFor();
    await keepScreenshot(page, 'journey-unloaded-model');
    await row.getByRole('button', { name: 'Načíst do paměti' }).click();
    await row.getByText(/^připraven/).waitFor();
    await row.getByRole('button', { name: 'Uvolnit z paměti' }).click();
    await page.getByRole('button', { name: 'Vrátit zpět' }).last().click();
    await row.getByText(/^připraven/).waitFor();
    await page.getByRole('listitem').filter({ hasText: 'Doslovné citace' }).getByRole('button').click();
    await row.getByRole('button', { name: 'Nechat odpovídat' }).waitFor();
  });

  test('an account makes a key that is shown once, and takes it back', async () => {
    await becomeAdministrator(visit);
    await page.goto(`${url}/account`);
    await page.getByRole('button', { name: 'Nový klíč' }).click();
    await page.getByLabel('K čemu bude').fill('Tabulkový program');
    await page.getByRole('button', { name: 'Vytvořit klíč' }).click();
    assert.ok((await page.getByLabel('Váš klíč').inputValue()).length > 20);
    await page.getByRole('button', { name: 'Hotovo' }).click();
    await page.getByRole('button', { name: 'Zneplatnit klíč „Tabulkový program“' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Zneplatnit', exact: true }).click();
    await page.getByText('zneplatněn').waitFor();
    await keepScreenshot(page, 'journey-account');
  });

  test('a limit is set and taken away', async () => {
    await page.goto(`${url}/people?tab=limits`);
    await page.getByLabel('Nejvýš').fill('50');
    await page.getByRole('button', { name: 'Nastavit limit' }).click();
    await page.getByText('Limit platí od příští otázky.').waitFor();
    await page.getByRole('button', { name: /^Zrušit limit/ }).click();
    await page.getByText('Limit je zrušený.').waitFor();
  });

  test('on a phone: the menu, a question, its source over the page, and back', async () => {
    const state = await visit.opened.context.storageState();
    const phone = await openPage(visit.browser, url, {
      storageState: state,
      viewport: { width: 390, height: 844 },
      hasTouch: true,
      isMobile: true,
    });
    const small = phone.page;
    await small.getByRole('button', { name: 'Otevřít nabídku' }).tap();
    await small.getByRole('dialog').getByRole('link', { name: 'Dokumenty' }).tap();
    await small.getByRole('heading', { name: 'Dokumenty', level: 1 }).waitFor();
    await small.getByRole('button', { name: 'Otevřít nabídku' }).tap();
    await small.getByRole('button', { name: 'Nová otázka' }).tap();
    await askInPage(small, 'Jak dlouho trvá zkušební doba?');
    await small.locator('blockquote button').first().tap();
    await small.locator('dialog mark').first().waitFor();
    assert.ok(await isInSight(small, 'dialog mark'), 'the cited words are in sight');
    await keepScreenshot(small, 'journey-phone-source');
    await small.getByRole('button', { name: 'Zavřít zdroj' }).tap();
    await small.locator('dialog').waitFor({ state: 'detached' });
    assert.deepEqual(phone.faults, { errors: [], outside: [], policy: [] });
    await phone.context.close();
  });

  testNoFaults(visit);
});
