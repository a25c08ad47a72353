import { useEffect, useRef } from 'react';
import UPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { formatNumber } from '../../i18n/format.ts';
import { useLanguage, useTranslation } from '../../i18n/index.ts';

interface RateChartProps {
  readonly rates: readonly { readonly atMs: number; readonly perMinute: number }[];
}

function colourOf(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name);
}

/** Requests per minute over time. The figures beside it say the same in words. */
export function RateChart({ rates }: RateChartProps) {
  const t = useTranslation();
  const language = useLanguage();
  const box = useRef<HTMLDivElement>(null);
  const chart = useRef<UPlot>(undefined);
  useEffect(() => {
    const element = box.current;
    if (element === null) return undefined;
    const size = () => ({ width: element.clientWidth, height: element.clientHeight });
    const axis = {
      stroke: colourOf('--color-ink-faint'),
      grid: { stroke: colourOf('--color-line'), width: 1 },
      ticks: { show: false },
    };
    const line = colourOf('--color-accent');
    const time = new Intl.DateTimeFormat(language, { timeStyle: 'medium' });
    const made = new UPlot(
      {
        ...size(),
        legend: { show: false },
        cursor: { show: false },
        scales: { y: { range: (_chart, _low, high) => [0, Math.max(high, 10) * 1.1] } },
        axes: [
          { ...axis, size: 30, values: (_chart, times) => times.map((at) => time.format(at * 1000)) },
          { ...axis, values: (_chart, counts) => counts.map((count) => formatNumber(count, language, 1)) },
        ],
        series: [{}, { stroke: line, width: 2, points: { show: false } }],
      },
      [[], []],
      element,
    );
    chart.current = made;
    const observer = new ResizeObserver(() => made.setSize(size()));
    observer.observe(element);
    return () => {
      observer.disconnect();
      made.destroy();
    };
  }, [language]);
  useEffect(() => {
    chart.current?.setData([rates.map((rate) => rate.atMs / 1000), rates.map((rate) => rate.perMinute)]);
  }, [rates]);
  return <div ref={box} role="img" aria-label={t('operations.chart')} className="size-full" />;
}
