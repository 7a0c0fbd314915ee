import type { Board } from '@relecture/shared/monitoring/schema.js';
import { countCasesToDispatch } from '../cases/index.js';
import { findNetwork, listNetworks } from '../networks/index.js';
import { now } from '../platform/clock.js';
import { hasRole, type Principal } from '../platform/principal.js';
import { ProblemError } from '../platform/problem.js';
import { openFacts, signedFactsSince } from '../reviews/index.js';
import { ageingOf, chartsOf, lastMonths, turnaroundSince } from './board.js';

const DAY = 86_400_000;

/** The networks whose figures a coordinator sees: their own; all of them for a national one. */
export function networksOf(principal: Principal, wanted: string | undefined): string[] {
  const own = principal.national
    ? listNetworks().map(({ id }) => id)
    : principal.networks.filter(({ as }) => as === 'coordinator').map(({ networkId }) => networkId);
  if (wanted === undefined) return own;
  if (!findNetwork(wanted) || !own.includes(wanted)) throw new ProblemError('NOT_FOUND');
  return [wanted];
}

/** What a coordinator looks at first. Reads the open reviews and the last six months of signed ones, by index. */
export async function readBoard(principal: Principal, networkId: string | undefined): Promise<Board> {
  const networkIds = networksOf(principal, networkId);
  const at = now();
  const months = lastMonths(at, 6);
  const start = new Date(`${months[0]}-01T00:00:00Z`);
  const [open, closed] = await Promise.all([openFacts(networkIds), signedFactsSince(networkIds, start)]);
  const national = principal.national && hasRole(principal, 'coordinator');
  return {
    networkIds,
    figures: {
      overdue: open.filter(({ dueAt }) => dueAt !== null && dueAt < at).length,
      toDispatch: national ? await countCasesToDispatch() : 0,
      unassigned: open.filter(({ status }) => status === 'admitted').length,
      onHold: open.filter(({ status }) => status === 'on_hold').length,
      open: open.length,
      signedLast30Days: closed.filter(
        ({ signedAt }) => signedAt && signedAt.getTime() > at.getTime() - 30 * DAY,
      ).length,
    },
    turnaround: turnaroundSince(closed, new Date(at.getTime() - 90 * DAY)),
    ageing: ageingOf(open, at),
    ...chartsOf([...open, ...closed], months),
  };
}
