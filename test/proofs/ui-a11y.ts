import { AxeBuilder } from '@axe-core/playwright';
import type { Browser } from 'playwright-core';
import { launchBrowser, noBrowser, openPage } from '../support/browser.ts';
import { TOUR, type Stop } from '../support/page-tour.ts';
import { startTestServer } from '../support/server.ts';
import { informative, judged, type Proof } from './proof.ts';

const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
const THEMES = ['light', 'dark'] as const;

interface Variant {
  readonly colorScheme: (typeof THEMES)[number];
  readonly width: number;
}

/** Violations at these stops, each with where and in which variant. */
async function scan(
  browser: Browser,
  url: string,
  { colorScheme, width }: Variant,
  stops: readonly Stop[],
): Promise<string[]> {
  const viewport = { width, height: 900 };
  const { page, context } = await openPage(browser, url, { colorScheme, viewport, reducedMotion: 'reduce' });
  const found: string[] = [];
  for (const stop of stops) {
    await stop.go(page, url);
    const { violations } = await new AxeBuilder({ page }).withTags(TAGS).analyze();
    found.push(
      ...violations.map(({ id, nodes }) => {
        const where = nodes.map((node) => node.target.join(' ')).join(', ');
        return `${stop.name} ${colorScheme} ${width}: ${id} at ${where}`;
      }),
    );
  }
  await context.close();
  return found;
}

export const proof: Proof = {
  promise: 'Every page and state in both themes, wide and narrow, without a violation that axe knows of.',
  async run({ isQuick }) {
    if (noBrowser) return { figures: [informative('not run', noBrowser)] };
    await using server = await startTestServer();
    const browser = await launchBrowser();
    const widths = isQuick ? [1440] : [1440, 390];
    const stops = isQuick ? TOUR.filter((_stop, index) => index % 4 === 1) : TOUR;
    const variants = THEMES.flatMap((colorScheme) => widths.map((width) => ({ colorScheme, width })));
    const found: string[] = [];
    try {
      for (const variant of variants) found.push(...(await scan(browser, server.url, variant, stops)));
    } finally {
      await browser.close();
    }
    return {
      figures: [
        informative('scans', variants.length * stops.length),
        judged('violations', found.length, '0', found.length === 0),
        ...found.slice(0, 20).map((text, index) => informative(`violation ${index + 1}`, text)),
      ],
    };
  },
};
