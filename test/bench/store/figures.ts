export const NETWORKS = 10;
export const STATUSES = ['draft', 'open', 'reading', 'signed', 'closed'] as const;

export interface Sizes {
  small: number;
  large: number;
  /** Of each measurement of reads and updates. */
  seconds: number;
}

export interface Figures {
  insertSeconds: number;
  listP50: number;
  listP99: number;
  countMs: number;
  groupMs: number;
  readsPerSecond: number;
  updatesPerSecond: number;
  listP50Large: number;
}

export function percentile(figures: readonly number[], part: number): number {
  const sorted = figures.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? Number.NaN;
}

export const median = (figures: readonly number[]): number => percentile(figures, 0.5);
