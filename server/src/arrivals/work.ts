import type { Types } from 'mongoose';
import { isHeld, LEASE_MS, LEASE_OWNER, nextLease } from '../platform/lease.js';
import { arrivalDesk } from './desk.js';
import { ArrivalModel, type ArrivalRecord } from './model.js';

const FIRST_RETRY_MS = 5_000;
const LONGEST_RETRY_MS = 5 * 60_000;
const UNFINISHED: ReadonlyArray<ArrivalRecord['state']> = ['arriving', 'attaching'];

/** One step of an arrival; answers it as it is afterwards, or null when there is nothing more to do now. */
export type Step = (arrival: ArrivalRecord) => Promise<ArrivalRecord | null>;

const steps = new Map<ArrivalRecord['state'], Step>();
const running = new Map<string, Promise<void>>();
const patience = new Map<string, { tries: number; notBefore: number }>();

export function setSteps(arriving: Step, attaching: Step): void {
  steps.set('arriving', arriving);
  steps.set('attaching', attaching);
}

/**
 * Goes on with everything unfinished: what a kill -9 left, what failed a while ago, series that fell silent. The
 * record is the promise that it will be done; the job that calls this every few seconds keeps it.
 */
export async function workOnArrivals(): Promise<void> {
  for await (const { _id } of ArrivalModel.find({ state: { $in: UNFINISHED } }, { _id: 1 })
    .lean<Array<{ _id: Types.ObjectId }>>()
    .cursor()) {
    if (Date.now() >= (patience.get(String(_id))?.notBefore ?? 0)) beginWork(_id);
  }
}

/** At once, not awaited. */
export function beginWork(arrivalId: Types.ObjectId): void {
  const id = String(arrivalId);
  if (running.has(id)) return;
  const started = withLease(arrivalId)
    .then(
      () => void patience.delete(id),
      (error: unknown) => {
        const tries = (patience.get(id)?.tries ?? 0) + 1;
        const wait = Math.min(FIRST_RETRY_MS * 2 ** (tries - 1), LONGEST_RETRY_MS);
        patience.set(id, { tries, notBefore: Date.now() + wait });
        // Error names and codes only: a message may quote a path.
        const { name, code } = error as { name?: string; code?: unknown };
        arrivalDesk().log.warn(
          { arrivalId: id, error: name, code: String(code ?? '') },
          'arrival not prepared yet',
        );
      },
    )
    .finally(() => running.delete(id));
  running.set(id, started);
}

/** Waits for what is under way. */
export async function closeWork(): Promise<void> {
  await Promise.all([...running.values()]);
  patience.clear();
}

async function withLease(_id: Types.ObjectId): Promise<void> {
  const found = await ArrivalModel.findById(_id).lean<ArrivalRecord>();
  if (!found || !UNFINISHED.includes(found.state)) return;
  if (found.lease && isHeld(found.lease)) return;
  const taken = await ArrivalModel.findOneAndUpdate(
    { _id, state: found.state, lease: found.lease },
    { $set: { lease: nextLease() } },
    { returnDocument: 'after' },
  ).lean<ArrivalRecord>();
  if (!taken) return;
  const timer = setInterval(() => {
    ArrivalModel.updateOne({ _id, 'lease.owner': LEASE_OWNER }, { $set: { lease: nextLease() } }).catch(
      (error: Error) =>
        arrivalDesk().log.warn({ arrivalId: String(_id), error: error.name }, 'lease not kept'),
    );
  }, LEASE_MS / 3);
  try {
    let arrival: ArrivalRecord | null = taken;
    while (arrival && UNFINISHED.includes(arrival.state))
      arrival = (await steps.get(arrival.state)?.(arrival)) ?? null;
  } finally {
    clearInterval(timer);
    await ArrivalModel.updateOne({ _id, 'lease.owner': LEASE_OWNER }, { $set: { lease: null } });
  }
}
