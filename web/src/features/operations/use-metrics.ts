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
  /** Tokens written since the server started. */
  readonly tokens: number;
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
    const tokens = sumOf(data.samples, 'gen_ai_client_token_usage_total', { type: 'output' });
    setPoints((known) => [...known.slice(1 - KEPT), { atMs: data.atMs, requests, tokens }]);
  }, [data]);
  return { query, points };
}

/** Tokens written per second between two points; undefined while there are not two. */
export function tokensPerSecond(first: Point | undefined, last: Point | undefined): number | undefined {
  if (first === undefined || last === undefined || first === last) return undefined;
  const seconds = Math.max(last.atMs - first.atMs, 1) / 1000;
  return Math.max(0, last.tokens - first.tokens) / seconds;
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
