import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';

/** Which process is at work on a record, and until when it is believed. */
export interface Lease {
  readonly owner: string;
  readonly until: Date;
}

/** Unique to this run of this process: a container's next run may well have the same number. */
export const LEASE_OWNER = [hostname(), process.pid, randomBytes(6).toString('hex')].join('|');
export const LEASE_MS = 30_000;

// Real time, whatever time the demo pretends it is.
export const nextLease = (): Lease => ({ owner: LEASE_OWNER, until: new Date(Date.now() + LEASE_MS) });

/** The lease of a process of this machine that is no longer there is void at once: after a kill -9 nobody waits. */
export function isHeld({ owner, until }: Lease): boolean {
  if (until.getTime() <= Date.now() || owner === LEASE_OWNER) return false;
  const [host, pid] = owner.split('|');
  return host !== hostname() || (Number(pid) !== process.pid && isAlive(Number(pid)));
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Somebody else's process: it is there.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
