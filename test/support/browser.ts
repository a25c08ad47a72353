import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  chromium,
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  type Page,
} from 'playwright-core';

const CHROMIUM = process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium';
const root = fileURLToPath(new URL('../..', import.meta.url));

/** Why browser tests cannot run here, said aloud by whoever skips; false where they can. */
export const noBrowser: string | false = existsSync(CHROMIUM)
  ? existsSync(join(root, 'web/dist/index.html'))
    ? false
    : 'the page is not built: run npm run build:web'
  : `there is no Chromium at ${CHROMIUM}; set CHROMIUM_PATH`;

/** What a page did that it must not: errors, outside requests, breaches of its policy. */
export interface Faults {
  readonly errors: string[];
  readonly outside: string[];
  readonly policy: string[];
}

export interface Opened {
  readonly context: BrowserContext;
  readonly page: Page;
  readonly faults: Faults;
}

export const launchBrowser = (): Promise<Browser> =>
  chromium.launch({
    executablePath: CHROMIUM,
    args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage'],
  });

/** Opens a page in a browser of its own that remembers every fault. */
export async function openPage(
  browser: Browser,
  url: string,
  options: BrowserContextOptions = {},
): Promise<Opened> {
  const context = await browser.newContext({
    locale: 'cs-CZ',
    timezoneId: 'Europe/Prague',
    viewport: { width: 1440, height: 900 },
    ...options,
  });
  const faults: Faults = { errors: [], outside: [], policy: [] };
  const origin = new URL(url).origin;
  context.on('request', (request) => {
    const address = request.url();
    if (!address.startsWith(origin) && !/^(blob|data|about):/.test(address)) faults.outside.push(address);
  });
  await context.exposeFunction('reportBreach', (what: string) => faults.policy.push(what));
  await context.addInitScript({
    content: `document.addEventListener('securitypolicyviolation', (event) =>
      reportBreach(event.effectiveDirective + ': ' + event.blockedURI + ' ' + event.sample));`,
  });
  const page = await context.newPage();
  // React says what it caught; refused requests are said by the console too, and are no fault of the page.
  page.on('console', (message) => {
    if (message.type() === 'error' && !message.text().startsWith('Failed to load resource'))
      faults.errors.push(message.text());
  });
  page.on('pageerror', (error) => faults.errors.push(error.stack ?? error.message));
  await page.goto(url);
  return { context, page, faults };
}

/** Keeps a picture of the page under build/screenshots, for people to look at. */
export async function keepScreenshot(page: Page, name: string): Promise<void> {
  const folder = join(root, 'build/screenshots');
  mkdirSync(folder, { recursive: true });
  await page.screenshot({ path: join(folder, `${name}.png`) });
}
