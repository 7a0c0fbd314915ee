import type { EventName } from '@relecture/shared/events/catalog.js';
import type { Party } from '@relecture/shared/events/status.js';
import { type AnyKeys, Types } from 'mongoose';
import { recordAccess } from '../platform/access-log.js';
import { now } from '../platform/clock.js';
import { asPerson, type Principal } from '../platform/principal.js';
import { ProblemError } from '../platform/problem.js';
import { publishRecord } from './outbox.js';
import {
  type EventParams,
  type Outgoing,
  type StoredEntry,
  type Travelling,
  type TravellingKind,
  travellingModel,
} from './travel.js';

export interface Passage<T extends Travelling> {
  readonly kind: TravellingKind;
  readonly id: string | Types.ObjectId;
  readonly event: EventName;
  /** Statuses from which this passage is allowed; another one is a STATUS_CONFLICT. */
  readonly from: readonly T['status'][];
  /** New status, or `same` for an entry that changes none. */
  readonly to: T['status'] | 'same';
  /** Who holds the clock from now on; `same` leaves it. */
  readonly party: Party | 'same';
  readonly by: Principal | null;
  readonly params?: EventParams;
  /** Fields written in the same atomic update. */
  readonly set?: AnyKeys<T>;
  readonly unset?: readonly string[];
  readonly push?: Record<string, unknown>;
  /** The version that the caller decided on: anything written since is a CONFLICT. */
  readonly version?: number;
  /** Further conditions on other fields; when they do not hold, the answer is a CONFLICT. */
  readonly where?: Record<string, unknown> & { readonly version?: never };
}

/** The only entry of a record that never moves: written with it, so that a crash between the two is not possible. */
export function onlyEntry(
  event: EventName,
  at: Date,
  by: Principal,
  params: EventParams,
): Pick<Outgoing, 'version' | 'timeline' | 'outboxPending'> {
  const { version, timeline, outboxPending } = firstEntry(event, 'posted', 'none', by, params);
  return { version, outboxPending, timeline: timeline.map((entry) => ({ ...entry, at })) };
}

/** First entry of a new record: the same shape as the gate writes. */
export function firstEntry(
  event: EventName,
  status: string,
  party: Party,
  by: Principal | null,
  params: EventParams = {},
): Pick<
  Travelling,
  'status' | 'party' | 'since' | 'timeline' | 'outboxPending' | 'version' | 'createdAt' | 'updatedAt'
> {
  const at = now();
  return {
    status,
    party,
    since: at,
    version: 0,
    createdAt: at,
    updatedAt: at,
    outboxPending: 1,
    timeline: [
      {
        id: new Types.ObjectId().toHexString(),
        at,
        event,
        by: by ? asPerson(by) : null,
        from: null,
        to: status,
        party,
        params,
        published: false,
      },
    ],
  };
}

/**
 * The one gate: an atomic update of one record that moves its status and pushes the timeline entry in the same write,
 * then hands the entry on. Nothing else changes a status.
 * @throws {ProblemError} NOT_FOUND, STATUS_CONFLICT when the record is at another step, CONFLICT when `where` fails.
 */
export async function transition<T extends Travelling>(passage: Passage<T>): Promise<T> {
  const model = travellingModel(passage.kind);
  const id = new Types.ObjectId(passage.id);
  for (;;) {
    const current = await model.findById(id, { status: 1, party: 1, version: 1 }).lean<Travelling>();
    if (!current) throw new ProblemError('NOT_FOUND');
    if (!passage.from.includes(current.status)) throw new ProblemError('STATUS_CONFLICT');
    // The filter below names the version just read: a caller's own version is compared here, or it would be overwritten.
    if (passage.version !== undefined && passage.version !== current.version)
      throw new ProblemError('CONFLICT');
    const at = now();
    const status = passage.to === 'same' ? current.status : passage.to;
    const party = passage.party === 'same' ? current.party : passage.party;
    const entry: StoredEntry = {
      id: new Types.ObjectId().toHexString(),
      at,
      event: passage.event,
      by: passage.by ? asPerson(passage.by) : null,
      from: current.status,
      to: status,
      party,
      params: passage.params ?? {},
      published: false,
    };
    const updated = await model
      .findOneAndUpdate(
        { ...passage.where, _id: id, status: current.status, version: current.version },
        {
          $set: {
            ...passage.set,
            status,
            party,
            updatedAt: at,
            ...(party === current.party ? {} : { since: at }),
          },
          ...(passage.unset ? { $unset: Object.fromEntries(passage.unset.map((field) => [field, 1])) } : {}),
          $push: { ...passage.push, timeline: entry },
          $inc: { version: 1, outboxPending: 1 },
        },
        { returnDocument: 'after' },
      )
      .lean<T>();
    if (updated) {
      await recordAccess({
        actorId: passage.by?.id ?? null,
        action: passage.event,
        recordKind: passage.kind,
        recordId: id.toHexString(),
      });
      await publishRecord(passage.kind, id.toHexString());
      return updated;
    }
    // Lost a race, or `where` does not hold: a fresh look tells which.
    const fresh = await model.findById(id, { version: 1 }).lean<Travelling>();
    if (fresh && fresh.version === current.version) throw new ProblemError('CONFLICT');
  }
}
