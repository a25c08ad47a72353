import type { Browser, BrowserContext, Page } from 'playwright-core';
import { texts as administration } from '../../web/src/i18n/cs/administration.ts';
import { texts as documents } from '../../web/src/i18n/cs/documents-pages.ts';
import { texts as first } from '../../web/src/i18n/cs/first.ts';
import { keepScreenshot, launchBrowser, noBrowser, openPage } from '../support/browser.ts';
import { TOUR, type Stop } from '../support/page-tour.ts';
import { startTestServer } from '../support/server.ts';
import { informative, judged, type Proof } from './proof.ts';

const LOCALES = ['cs-CZ', 'en-GB'] as const;
const WIDTHS = [1440, 390] as const;

const KEYS = Object.keys({ ...first, ...documents, ...administration });

/** Names of texts that are shown instead of the texts, and text that runs out of its box or the window. */
const LOOK = `(() => {
  const texts = [document.body.innerText, ...[...document.querySelectorAll('[aria-label]')].map((e) => e.ariaLabel)];
  const all = texts.join('\\n');
  const keys = ${JSON.stringify(KEYS)}.filter((key) => all.split(/[\\s,;()]+/).includes(key));
  const wide = [...document.querySelectorAll('main *, dialog *')].filter((element) => {
    const style = getComputedStyle(element);
    if (style.overflowX !== 'hidden' && style.overflowX !== 'visible') return false;
    if (style.textOverflow === 'ellipsis' || element.closest('.sr-only, pre, [role=tooltip]')) return false;
    return style.overflowX === 'hidden' && element.clientWidth > 1 && element.scrollWidth > element.clientWidth + 1;
  }).map((element) => 'clipped: ' + element.outerHTML.slice(0, 90));
  const over = document.documentElement.scrollWidth > innerWidth + 1 ? ['the page is wider than its window'] : [];
  const outside = [...document.querySelectorAll('main button, main a, main input, main select, main h1')].filter((element) => {
    const box = element.getBoundingClientRect();
    return box.width > 0 && !element.closest('.sr-only') && element.checkVisibility() && (box.right > innerWidth + 1 || box.left < -1);
  }).map((element) => 'out of the window: ' + element.outerHTML.slice(0, 90));
  return [...keys, ...wide, ...over, ...outside];
})()`;

async function look(page: Page): Promise<string[]> {
  const found = await page.evaluate(LOOK);
  return Array.isArray(found) ? found.map(String) : ['could not look'];
}

/** Every text of the dictionaries longer by two fifths, with accents above and below: what fits then fits in any language. */
async function lengthen(context: BrowserContext): Promise<void> {
  await context.route(/\/assets\/(?:cs|en|admin-cs|admin-en)-[^/]*\.js$/, async (route) => {
    const response = await route.fetch();
    const body = (await response.text()).replaceAll(/:`([^`]*)`/g, (_, text: string) => {
      const more = Math.ceil(text.replaceAll(/\{\{\w+\}\}/g, '').length * 0.4);
      return `:\`${text}${more > 0 ? ` ${'Ẩŷǫ '.repeat(Math.ceil(more / 4)).trim()}` : ''}\``;
    });
    await route.fulfill({ response, body });
  });
}

interface Variant {
  readonly isLonger?: boolean;
  readonly locale: (typeof LOCALES)[number];
  readonly width: (typeof WIDTHS)[number];
  readonly colorScheme: 'light' | 'dark';
}

async function lookAround(
  browser: Browser,
  url: string,
  { locale, width, colorScheme, isLonger = false }: Variant,
  { stops, keeps }: { readonly stops: readonly Stop[]; readonly keeps: boolean },
): Promise<string[]> {
  const viewport = { width, height: width === 390 ? 844 : 900 };
  const { page, context } = await openPage(browser, url, { locale, viewport, colorScheme });
  if (isLonger) {
    await lengthen(context);
    await page.reload();
  }
  const found: string[] = [];
  for (const stop of stops) {
    await stop.go(page, url);
    await page.waitForTimeout(250);
    found.push(
      ...(await look(page)).map((text) => `${stop.name} ${isLonger ? 'longer' : locale} ${width}: ${text}`),
    );
    const kind = isLonger ? 'longer' : locale.slice(0, 2);
    if (keeps) await keepScreenshot(page, `${stop.name}-${kind}-${colorScheme}-${width}`);
  }
  await context.close();
  return found;
}

export const proof: Proof = {
  promise: 'Every page in both languages, wide and narrow: no text is missing, none is cut.',
  async run({ isQuick }) {
    if (noBrowser) return { figures: [informative('not run', noBrowser)] };
    await using server = await startTestServer();
    const browser = await launchBrowser();
    // Colours cut no text: in the quick form one theme is enough.
    const themes = isQuick ? (['light'] as const) : (['light', 'dark'] as const);
    const stops = isQuick ? TOUR.slice(0, 6) : TOUR;
    const longer = WIDTHS.map((width): Variant => {
      return { locale: 'cs-CZ', width, colorScheme: 'light', isLonger: true };
    });
    const plain = LOCALES.flatMap((locale) =>
      WIDTHS.flatMap((width) => themes.map((colorScheme): Variant => ({ locale, width, colorScheme }))),
    );
    const variants = [...plain, ...(isQuick ? longer.slice(1) : longer)];
    const found: string[] = [];
    try {
      for (const variant of variants) {
        found.push(...(await lookAround(browser, server.url, variant, { stops, keeps: !isQuick })));
      }
    } finally {
      await browser.close();
    }
    return {
      figures: [
        informative('looks', variants.length * stops.length),
        judged('missing or cut texts', found.length, '0', found.length === 0),
        ...found.slice(0, 20).map((text, index) => informative(`found ${index + 1}`, text)),
      ],
    };
  },
};
