import { useLayoutEffect, type RefObject } from 'react';

const GAP_PX = 6;
const EDGE_PX = 8;

export type Side = 'above' | 'below';

interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/**
 * Where a floating box goes, in pixels of the window: on the wished side of its anchor if it fits there, else
 * on the other, and always within the window.
 */
export function place(
  anchor: Box,
  size: { readonly width: number; readonly height: number },
  viewport: { readonly width: number; readonly height: number },
  side: Side,
): { left: number; top: number } {
  const above = anchor.top - GAP_PX - size.height;
  const below = anchor.top + anchor.height + GAP_PX;
  const fitsAbove = above >= EDGE_PX;
  const fitsBelow = below + size.height <= viewport.height - EDGE_PX;
  const isAbove = side === 'above' ? fitsAbove || !fitsBelow : fitsAbove && !fitsBelow;
  const clamp = (value: number, most: number) => Math.max(EDGE_PX, Math.min(value, most - EDGE_PX));
  return {
    left: clamp(anchor.left, viewport.width - size.width),
    top: clamp(isAbove ? above : below, viewport.height - size.height),
  };
}

/** Keeps an open popover beside its anchor, also when the window or its content changes. */
export function usePlacement(
  anchor: RefObject<HTMLElement | null>,
  floating: RefObject<HTMLElement | null>,
  isOpen: boolean,
  side: Side,
): void {
  useLayoutEffect(() => {
    const box = floating.current;
    if (!isOpen || box === null) return undefined;
    const update = () => {
      if (anchor.current === null) return;
      const viewport = { width: window.innerWidth, height: window.innerHeight };
      const size = { width: box.offsetWidth, height: box.offsetHeight };
      const { left, top } = place(anchor.current.getBoundingClientRect(), size, viewport, side);
      box.style.left = `${left}px`;
      box.style.top = `${top}px`;
    };
    update();
    const observer = new ResizeObserver(update);
    observer.observe(box);
    window.addEventListener('resize', update);
    window.addEventListener('scroll', update, true);
    return () => {
      observer.disconnect();
      window.removeEventListener('resize', update);
      window.removeEventListener('scroll', update, true);
    };
  }, [anchor, floating, isOpen, side]);
}
