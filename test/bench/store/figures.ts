import { readFileSync } from 'node:fs';

export const NETWORKS = 10;
export const STATUSES = ['draft', 'open', 'reading', 'signed', 'closed'] as const;

export interface Sizes {
  small: number;
  large: number;
  /** Of each measurement of reads and updates. */
  seconds: number;
}

export interface Figures {
  listP50Ms: number;
  listP99Ms: number;
  countMs: number;
  groupMs: number;
  pointReadsPerSecond: number;
  updatesPerSecond: number;
  insertSeconds: number;
  /** Of all its processes, at its most, what belongs to no file: LMDB's map, which counts in VmRSS, is the system's cache. */
  rssAnonMb: number;
  /** The same list's p50 at the larger size, as a multiple of that at the smaller. */
  growthAt1M: number;
}

export function rssAnon(pid: number): number {
  const line = /^RssAnon:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
  return Number(line?.[1] ?? 0) / 1024;
}

export function percentile(figures: readonly number[], part: number): number {
  const sorted = figures.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? Number.NaN;
}

export const median = (figures: readonly number[]): number => percentile(figures, 0.5);
