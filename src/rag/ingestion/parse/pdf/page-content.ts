import type { Box } from '../parsed-document.ts';

/** A character as a page draws it, in points from the page's top left corner. */
export interface Glyph {
  readonly text: string;
  readonly box: Box;
  /** Where the character stands and where its advance ends, along the direction of its line. */
  readonly origin: readonly [x: number, y: number];
  readonly end: readonly [x: number, y: number];
  readonly size: number;
  readonly font: FontStyle;
  /** Degrees clockwise from left to right, rounded: 0, 90, 180, 270 or anything between. */
  readonly angle: number;
  readonly isSpace: boolean;
  /** Marked by the producer as furniture of the page. */
  readonly isArtifact: boolean;
  /** Fill color as `#rrggbb`. */
  readonly color: string;
}

/** What a font tells beside its shapes. Ascent and descent are shares of the size. */
export interface FontStyle {
  readonly name: string;
  readonly isBold: boolean;
  readonly isItalic: boolean;
  readonly isMonospace: boolean;
  readonly ascent: number;
  readonly descent: number;
}

/** A straight line, drawn or filled, horizontal or vertical. `at` is its place on the other axis. */
export interface Ruling {
  readonly isHorizontal: boolean;
  readonly at: number;
  readonly from: number;
  readonly to: number;
}

/** What one page draws. */
export interface PageContent {
  readonly number: number;
  readonly width: number;
  readonly height: number;
  readonly glyphs: readonly Glyph[];
  readonly rulings: readonly Ruling[];
  /** Filled rectangles that are wider and higher than a line. */
  readonly fills: readonly Box[];
  /** Small drawn figures, about as wide as high. */
  readonly marks: readonly Box[];
  readonly images: readonly Box[];
  /** Characters whose font does not say what they are. */
  readonly unmappedGlyphs: number;
}
