import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { startBetween, type Between } from '#test/between.ts';
import { keepScreenshot, launchBrowser, noBrowser, openPage, type Opened } from '#test/browser.ts';
import { startScriptedServer, type ScriptedServer } from '#test/scripted-server.ts';

suite('an answer goes on', { skip: noBrowser }, () => {
  let scripted: ScriptedServer;
  let between: Between;
  let browser: Browser;
  let opened: Opened;
  let page: Page;
  before(async () => {
    scripted = await startScriptedServer();
    between = await startBetween(scripted.url);
    browser = await launchBrowser();
    opened = await openPage(browser, between.url);
    ({ page } = opened);
  });
  after(async () => {
    await browser?.close();
    await between?.[Symbol.asyncDispose]();
    await scripted?.[Symbol.asyncDispose]();
  });

  const ask = async () => {
    await page.goto(between.url);
    await page.getByRole('textbox', { name: 'Otázka' }).fill('Jak dlouho?');
    await page.keyboard.press('Enter');
    const answer = await scripted.nextAnswer();
    answer.say('Dva ');
    await page.getByText('Dva').waitFor();
    return answer;
  };

  test('the page is loaded again in the middle: the answer is there and grows on', async () => {
    const answer = await ask();
    await page.reload();
    await page.getByText('Dva').waitFor();
    answer.say('měsíce ');
    await page.getByText('Dva měsíce').waitFor();
    await keepScreenshot(page, 'answer-goes-on');
    answer.say('od doručení.');
    answer.end();
    await page.getByText('Dva měsíce od doručení.').waitFor();
    await page.getByRole('button', { name: 'Odpověď nepomohla' }).waitFor();
    assert.equal(await answer.ended, 'done');
  });

  test('the line breaks in the middle: the answer grows on by itself, nothing twice', async () => {
    const answer = await ask();
    between.cut();
    answer.say('měsíce ');
    answer.say('od doručení.');
    answer.end();
    await page.getByText('Dva měsíce od doručení.', { exact: true }).waitFor();
  });

  test('the tab is closed: who comes back finds the whole answer', async () => {
    const answer = await ask();
    const address = page.url();
    await page.close();
    answer.say('měsíce.');
    answer.end();
    assert.equal(await answer.ended, 'done');
    page = await opened.context.newPage();
    await page.goto(address);
    await page.getByText('Dva měsíce.').waitFor();
  });

  test('an answer that was found again is stopped by the same button', async () => {
    const answer = await ask();
    await page.reload();
    await page.getByText('Dva').waitFor();
    await page.getByRole('button', { name: 'Zastavit odpověď' }).click();
    await page.getByText('Odpověď byla zastavena').waitFor();
    assert.equal(await answer.ended, 'stopped');
    await page.reload();
    await page.getByText('Odpověď byla zastavena').waitFor();
    await page.getByText('Dva').waitFor();
  });
});
