import type { Language } from '@relecture/shared/http/page.js';
import type { Board, BoardGroups, groupsQuery } from '@relecture/shared/monitoring/schema.js';
import type { z } from 'zod';
import { countCasesToDispatch } from '../cases/index.js';
import { findNetwork, listNetworks } from '../networks/index.js';
import { calendarDay, now } from '../platform/clock.js';
import { coordinates, hasRole, type Principal } from '../platform/principal.js';
import { ProblemError } from '../platform/problem.js';
import { countOpen } from '../reviews/index.js';
import { describeIcdo3 } from '../routing/index.js';
import { displayName, getUser } from '../users/index.js';
import { readActivity, readGroups } from './activity.js';
import { chartsOf, groupsOf, lastMonths, signedSince, turnaroundSince } from './board.js';

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

const BOARD_MONTHS = 6;
const AGEING = ['routed', 'admitted', 'assigned', 'in_review', 'on_hold', 'preliminary'] as const;

/**
 * What a coordinator looks at first. Open readings are counted in an index, up to 10,000 of a kind; the past is read
 * from what each day left (activity.ts), some 180 small records a network, however many readings there were.
 */
export async function readBoard(principal: Principal, networkId: string | undefined): Promise<Board> {
  const networkIds = networksOf(principal, networkId);
  const at = now();
  const daysAgo = (days: number) => new Date(at.getTime() - days * DAY);
  const months = lastMonths(calendarDay(at), BOARD_MONTHS);
  const national = principal.national && hasRole(principal, 'coordinator');
  const [days, open, overdue, probablyLate, unassigned, onHold, toDispatch, ageing] = await Promise.all([
    readActivity(networkIds, `${months[0]}-01`),
    countOpen(networkIds, {}),
    countOpen(networkIds, { dueBefore: at }),
    countOpen(networkIds, { probablyLateAt: at }),
    countOpen(networkIds, { status: 'admitted' }),
    countOpen(networkIds, { status: 'on_hold' }),
    national ? countCasesToDispatch() : 0,
    Promise.all(
      AGEING.map(async (status) => {
        const between = (from: Date | null, to: Date | null) =>
          countOpen(networkIds, { status, submitted: { from, to } });
        const [under3, under7, under14, over14] = await Promise.all([
          between(daysAgo(3), null),
          between(daysAgo(7), daysAgo(3)),
          between(daysAgo(14), daysAgo(7)),
          between(null, daysAgo(14)),
        ]);
        return { status, under3, under7, under14, over14 };
      }),
    ),
  ]);
  return {
    networkIds,
    figures: {
      overdue,
      probablyLate,
      toDispatch,
      unassigned,
      onHold,
      open,
      signedLast30Days: signedSince(days, calendarDay(daysAgo(30))),
    },
    turnaround: turnaroundSince(days, calendarDay(daysAgo(90))),
    ageing,
    ...chartsOf(days, months),
  };
}

/** A reviewer is told apart only in networks that one coordinates oneself, national or not. */
function groupedNetworks(principal: Principal, { by, networkId }: z.output<typeof groupsQuery>): string[] {
  const networkIds = networksOf(principal, networkId);
  return by === 'reviewer' ? networkIds.filter((id) => coordinates(principal, id)) : networkIds;
}

/** Readings signed over some months, told apart by network, region, site or reviewer. */
export async function readGroupsOfBoard(
  principal: Principal,
  query: z.output<typeof groupsQuery>,
  language: Language,
): Promise<BoardGroups> {
  const { by } = query;
  const networkIds = groupedNetworks(principal, query);
  const today = calendarDay(now());
  const from = `${lastMonths(today, Number(query.months))[0]}-01`;
  const parts =
    by === 'network'
      ? (await readActivity(networkIds, from)).map((day) => ({ ...day, key: day.networkId }))
      : await readGroups(networkIds, from, by);
  const { groups, few } = groupsOf(parts);
  const names = by === 'reviewer' ? await namesOf(groups.map(({ key }) => key)) : null;
  const nameOf = (key: string): string =>
    names?.get(key) ??
    (by === 'site' ? (describeIcdo3(key, language)?.label ?? key) : by === 'region' ? key : '');
  return {
    by,
    from,
    to: today,
    groups: groups.map((group) => ({ ...group, label: nameOf(group.key) })),
    few,
  };
}

async function namesOf(userIds: readonly string[]): Promise<Map<string, string>> {
  const users = await Promise.all(userIds.filter(Boolean).map((id) => getUser(id)));
  return new Map(users.flatMap((user) => (user ? [[String(user._id), displayName(user)] as const] : [])));
}
