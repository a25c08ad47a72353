import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { send } from '../../api/client.ts';
import { parseMetrics, sumOf, type Sample } from './metrics.ts';

export const REFRESH_MS = 2_000;
const KEPT = 150;

export interface Point {
  readonly atMs: number;
  /** Requests served since the server started. */
  readonly requests: number;
}

async function load({
  signal,
}: {
  signal: AbortSignal;
}): Promise<{ samples: readonly Sample[]; atMs: number }> {
  const response = await send('/metrics', { signal });
  return { samples: parseMetrics(await response.text()), atMs: Date.now() };
}

/** The server's measurements, anew every two seconds while the page is looked at, and the last five minutes. */
export function useMetrics() {
  const query = useQuery({ queryKey: ['metrics'], queryFn: load, refetchInterval: REFRESH_MS });
  const [points, setPoints] = useState<readonly Point[]>([]);
  const { data } = query;
  useEffect(() => {
    if (data === undefined) return;
    const requests = sumOf(data.samples, 'hradlo_http_requests_total');
    setPoints((known) => [...known.slice(1 - KEPT), { atMs: data.atMs, requests }]);
  }, [data]);
  return { query, points };
}

/** Requests per minute between neighbouring points; a restart of the server counts from zero. */
export function ratesOf(points: readonly Point[]): { atMs: number; perMinute: number }[] {
  return points.slice(1).map((point, index) => {
    const before = points[index] ?? point;
    const grown = point.requests - before.requests;
    const minutes = Math.max(point.atMs - before.atMs, 1) / 60_000;
    return { atMs: point.atMs, perMinute: Math.max(0, grown < 0 ? point.requests : grown) / minutes };
  });
}
