import assert from 'node:assert/strict';
import { before, suite, test } from 'node:test';
import type { Page } from 'playwright-core';
import { keepScreenshot, noBrowser, openPage } from '#test/browser.ts';
import {
  becomeAdministrator,
  openServerPage,
  PASSPHRASE,
  sendQuestion,
  testNoFaults,
} from '#test/server-page.ts';

const QUESTION = 'Jaká je výpovědní lhůta?';

suite('journeys through the page', { skip: noBrowser }, () => {
  const visit = openServerPage();
  let page: Page;
  before(() => {
    ({ page } = visit);
  });

  test('a question in Czech is answered with a source that opens at the cited words', async () => {
    await sendQuestion(page, QUESTION);
    const quotation = page.locator('blockquote').first();
    await quotation.waitFor();
    assert.match(await quotation.innerText(), /dva měsíce/);
    await quotation.getByRole('button', { name: /^Zdroj 1/ }).click();
    const source = page.getByRole('complementary', { name: 'Zdroj' });
    const cited = source.locator('mark');
    await cited.waitFor();
    const words = await cited.innerText();
    assert.ok(words.length > 20 && (await quotation.innerText()).startsWith(words), words);
    assert.ok(await cited.isVisible());
    const box = await cited.boundingBox();
    assert.ok(box !== null && box.y > 0 && box.y < 900, 'the cited words are in sight');
    await page.keyboard.press('Escape');
    await source.waitFor({ state: 'detached' });
  });

  test('an answer is rated with a reason, and the record knows', async () => {
    await page.getByRole('button', { name: 'Odpověď nepomohla' }).click();
    await page.getByRole('button', { name: 'Něco chybí' }).click();
    await page.getByText('Díky, zaznamenáno.').waitFor();
    assert.equal(
      await page.getByRole('button', { name: 'Odpověď nepomohla' }).getAttribute('aria-pressed'),
      'true',
    );
    await page.getByRole('textbox', { name: /^Jak je to správně/ }).fill('Dva měsíce od doručení.');
    await page.getByRole('button', { name: 'Odeslat opravu' }).click();
    await page.getByRole('group', { name: 'Co bylo špatně?' }).waitFor({ state: 'detached' });
  });

  test('the certificate of an answer is read and verified', async () => {
    await page.getByRole('button', { name: 'Osvědčení odpovědi' }).click();
    await page.getByRole('button', { name: 'Ověřit' }).click();
    await page.getByText('Zadání se podařilo znovu sestavit').waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
  });

  test('a question is edited and asked again; the old answer is replaced', async () => {
    await page.getByText(QUESTION, { exact: true }).last().hover();
    await page.getByRole('button', { name: 'Upravit otázku' }).click();
    await page.getByRole('textbox', { name: 'Upravit otázku' }).fill('Jak dlouho trvá zkušební doba?');
    await page.getByRole('button', { name: 'Zeptat se znovu' }).click();
    await page
      .getByText(/čtyři měsíce/)
      .first()
      .waitFor();
    assert.equal(await page.locator('article').count(), 1);
  });

  test('what the documents do not hold is said, with the nearest documents', async () => {
    await sendQuestion(page, 'Kolik klokanů žije v Austrálii?');
    await page.getByText('Nedostatek informací', { exact: true }).waitFor();
    assert.equal(await page.locator('article').count(), 2);
  });

  test('a conversation is renamed, found without diacritics, deleted and brought back', async () => {
    const list = page.getByRole('region', { name: 'Rozhovory' });
    const row = list.getByRole('link').first();
    await row.hover();
    await list.getByRole('button', { name: /^Akce pro rozhovor/ }).click();
    await page.getByRole('menuitem', { name: 'Přejmenovat' }).click();
    await page.keyboard.type('Zkušební doba a klokani');
    await page.keyboard.press('Enter');
    await page.keyboard.press('Control+k');
    await page.getByRole('combobox').fill('zkusebni klokani');
    await page.getByRole('option', { name: 'Zkušební doba a klokani' }).waitFor();
    await page.keyboard.press('Escape');
    await row.hover();
    await list.getByRole('button', { name: /^Akce pro rozhovor/ }).click();
    await page.getByRole('menuitem', { name: 'Smazat' }).click();
    await list.getByText('Zatím žádné rozhovory').waitFor();
    await page.getByRole('button', { name: 'Vrátit zpět' }).click();
    await list.getByRole('link', { name: 'Zkušební doba a klokani' }).waitFor();
    assert.equal(await page.locator('article').count(), 2);
  });

  test('a conversation is still there after the page was loaded again', async () => {
    await page.reload();
    await page.getByText('čtyři měsíce').first().waitFor();
  });

  test('everything to ask and to open a source is done by keyboard alone', async () => {
    await page.keyboard.press('Control+Shift+O');
    await page.getByRole('heading', { name: 'Na co se chcete zeptat?' }).waitFor();
    await page.keyboard.type(QUESTION);
    await page.keyboard.press('Enter');
    await page.locator('blockquote').first().waitFor();
    for (let step = 0; step < 60; step += 1) {
      await page.keyboard.press('Shift+Tab');
      const name = await page.evaluate('document.activeElement?.getAttribute("aria-label") ?? ""');
      if (String(name).startsWith('Zdroj 1')) break;
    }
    await page.getByRole('tooltip').waitFor();
    await page.keyboard.press('Enter');
    await page.locator('mark').waitFor();
    const position = await page.getByText(/^Zdroj 1 z \d+$/).innerText();
    await page.keyboard.press('Alt+ArrowDown');
    // An answer may rest on one source alone: then there is none to go on to.
    await page.getByText(position.endsWith(' 1') ? position : /^Zdroj 2 z/).waitFor();
    await page.keyboard.press('Escape');
    await page.locator('mark').waitFor({ state: 'detached' });
  });

  test('a file is uploaded, read, and answers a question; its page opens at the cited words', async () => {
    await page.getByRole('link', { name: 'Dokumenty' }).click();
    await page.getByRole('link', { name: /Ukázkové dokumenty/ }).click();
    const text =
      '# Parkování\n\n## Kolo\n\nKlíč od stojanu na kola vydává vrátný Bohumil za zálohu padesát korun.\n';
    await page
      .getByLabel('Vybrat soubory')
      .last()
      .setInputFiles({
        name: 'parkovani.md',
        mimeType: 'text/markdown',
        buffer: Buffer.from(text),
      });
    await page.getByRole('link', { name: 'Parkování' }).waitFor({ timeout: 60_000 });
    await page.getByRole('button', { name: 'Nová otázka' }).click();
    await sendQuestion(page, 'Kdo vydává klíč od stojanu na kola?');
    const quotation = page.locator('blockquote').first();
    await quotation.waitFor();
    assert.match(await quotation.innerText(), /vrátný Bohumil/);
    await quotation.getByRole('button').first().click();
    assert.match(await page.locator('mark').first().innerText(), /stojanu na kola/);
  });

  test('the first administrator locks the server, invites, and the invited person asks', async () => {
    await becomeAdministrator(visit);
    await page.getByRole('link', { name: 'Lidé a práva' }).click();
    await page.getByRole('button', { name: 'Pozvat člověka' }).click();
    await page.getByLabel('Přihlašovací jméno').fill('karel');
    await page.getByRole('button', { name: 'Vytvořit pozvánku' }).click();
    const link = await page.getByLabel('Odkaz pozvánky').inputValue();
    await page.getByRole('button', { name: 'Hotovo' }).click();
    const guest = await openPage(visit.browser, link);
    await guest.page.getByLabel('Jméno, jak ho uvidí ostatní').fill('Karel Úředník');
    await guest.page.getByLabel('Heslo').fill(`${PASSPHRASE} dva`);
    await guest.page.getByRole('button', { name: 'Vytvořit účet' }).click();
    await sendQuestion(guest.page, QUESTION);
    await guest.page
      .locator('blockquote, .text-lg', { hasText: /měsíce|Nedostatek/ })
      .first()
      .waitFor();
    assert.equal(await guest.page.getByRole('link', { name: 'Lidé a práva' }).count(), 0);
    await keepScreenshot(guest.page, 'journey-guest');
    await guest.context.close();
  });

  test('who may read a collection is changed, and the reason is told', async () => {
    await page.reload();
    await page.getByRole('tab', { name: 'Přístup ke sbírkám' }).click();
    await page.getByRole('heading', { name: 'Kdo ji opravdu smí číst a proč' }).waitFor();
    await page.getByLabel('Komu').selectOption({ label: 'Karel Úředník' });
    await page.getByLabel('Oprávnění').selectOption('deny');
    await page.getByRole('button', { name: 'Dát přístup' }).click();
    await page.getByText(/Zakazuje: Karel Úředník/).waitFor();
    await keepScreenshot(page, 'journey-rights');
  });

  test('signing out closes the page, signing in opens it', async () => {
    await page.getByRole('button', { name: 'Jana Správcová' }).click();
    await page.getByRole('menuitem', { name: 'Odhlásit se' }).click();
    await page.getByLabel('Přihlašovací jméno').fill('spravce');
    await page.getByLabel('Heslo').fill('to není ono vůbec');
    await page.getByRole('button', { name: 'Přihlásit se' }).click();
    await page.getByText('Jméno nebo heslo nesouhlasí.').waitFor();
    await page.getByLabel('Heslo').fill(PASSPHRASE);
    await page.getByRole('button', { name: 'Přihlásit se' }).click();
    await page.getByRole('heading', { name: 'Lidé a práva' }).waitFor();
  });

  testNoFaults(visit);
});
