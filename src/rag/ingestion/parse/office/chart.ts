import {
  attribute,
  childAt,
  collapse,
  descendants,
  elementsOf,
  localName,
  textOf,
  type MarkupElement,
} from '../markup/markup-tree.ts';
import type { Block } from '../parsed-document.ts';
import { tableOfRows } from '../tables.ts';

const MAX_POINTS = 10_000;

/** The values of a series, or its categories, by their places. */
function pointsOf(element: MarkupElement | undefined): string[] {
  const points: string[] = [];
  for (const point of element === undefined ? [] : descendants(element, 'pt')) {
    const index = Number(attribute(point, 'idx') ?? points.length);
    if (index >= 0 && index < MAX_POINTS) points[index] = collapse(textOf(childAt(point, 'v') ?? ''));
  }
  return Array.from(points, (text: string | undefined) => text ?? '');
}

/** A chart as what it says: its title, and a table of its series (ECMA-376, 21.2). */
export function readChart(tree: MarkupElement): Block[] {
  const blocks: Block[] = [];
  const title = childAt(tree, 'chart', 'title');
  const text = title === undefined ? '' : collapse(descendants(title, 't').map(textOf).join(''));
  if (text !== '') blocks.push({ kind: 'paragraph', text });
  const plot = childAt(tree, 'chart', 'plotArea');
  const series = (plot === undefined ? [] : elementsOf(plot)).flatMap((part) => elementsOf(part, 'ser'));
  if (series.length === 0) return blocks;
  const categories =
    series
      .map((one) => pointsOf(childAt(one, 'cat') ?? childAt(one, 'xVal')))
      .find((points) => points.length > 0) ?? [];
  const values = series.map((one) => pointsOf(childAt(one, 'val') ?? childAt(one, 'yVal')));
  const names = series.map((one) => {
    const name = childAt(one, 'tx');
    return collapse(
      pointsOf(name).join(' ') ||
        (name === undefined
          ? ''
          : elementsOf(name)
              .filter((part) => localName(part) === 'v')
              .map(textOf)
              .join('')),
    );
  });
  const length = Math.max(categories.length, ...values.map((points) => points.length));
  const rows = Array.from({ length }, (_, index) => [
    categories[index] ?? '',
    ...values.map((points) => points[index] ?? ''),
  ]);
  return [...blocks, tableOfRows([['', ...names], ...rows], 1)];
}
