import { readDocument } from '../bson/read.js';
import type { Predicate } from '../query/predicate.js';
import type { Collection } from '../storage/catalog.js';
import type { Entry, Environment } from '../storage/environment.js';
import { collectionRange, documentKey, idPart } from '../storage/layout.js';
import { checkDeadline } from './deadline.js';
import type { IndexPlan, Plan } from './plan.js';

export interface Found {
  id: Buffer;
  raw: Buffer;
}

/** What a query looked at, for explain. */
export interface Examined {
  keys: number;
  documents: number;
}

/** The documents a plan leads to, not yet filtered; each at most once. */
export function* candidates(
  environment: Environment,
  collection: Collection,
  plan: Plan,
  examined: Examined,
): Generator<Found, void> {
  switch (plan.kind) {
    case 'empty':
      return;
    case 'collection':
      for (const { key, value } of environment.entries(collectionRange(collection.id), plan.reverse)) {
        examined.documents += 1;
        yield { id: idPart(key), raw: value };
      }
      return;
    case 'ids':
      for (const id of plan.ids) {
        examined.keys += 1;
        const raw = environment.get(documentKey(collection.id, id));
        if (!raw) continue;
        examined.documents += 1;
        yield { id, raw };
      }
      return;
    case 'index': {
      const seen = plan.index.multikey.some(Boolean) ? new Set<string>() : undefined;
      for (const { value } of indexEntries(environment, plan)) {
        examined.keys += 1;
        if (seen) {
          const text = value.toString('latin1');
          if (seen.has(text)) continue;
          seen.add(text);
        }
        const raw = environment.get(documentKey(collection.id, value));
        if (!raw) continue;
        examined.documents += 1;
        yield { id: value, raw };
      }
      return;
    }
    case 'union': {
      const seen = new Set<string>();
      for (const part of plan.plans) {
        for (const found of candidates(environment, collection, part, examined)) {
          const text = found.id.toString('latin1');
          if (seen.has(text)) continue;
          seen.add(text);
          yield found;
        }
      }
    }
  }
}

function* indexEntries(environment: Environment, plan: IndexPlan): Generator<Entry, void> {
  if (plan.mergeAfter) {
    yield* merged(environment, plan, plan.mergeAfter);
    return;
  }
  const ranges = plan.reverse ? [...plan.ranges].reverse() : plan.ranges;
  for (const range of ranges) yield* environment.entries(range, plan.reverse);
}

/** Several ranges, each in order after its own prefix, as one ordered stream. */
function* merged(environment: Environment, plan: IndexPlan, prefixes: number[]): Generator<Entry, void> {
  const sources = plan.ranges.map((range, at) => ({
    entries: environment.entries(range, plan.reverse),
    prefix: prefixes[at] as number,
    head: undefined as Entry | undefined,
  }));
  const direction = plan.reverse ? -1 : 1;
  for (const source of sources) source.head = source.entries.next().value ?? undefined;
  let live = sources.filter((source) => source.head);
  while (live.length > 0) {
    let least = live[0] as (typeof live)[number];
    for (const source of live) {
      const a = (source.head as Entry).key.subarray(source.prefix);
      const b = (least.head as Entry).key.subarray(least.prefix);
      if (Buffer.compare(a, b) * direction < 0) least = source;
    }
    yield least.head as Entry;
    least.head = least.entries.next().value ?? undefined;
    if (!least.head) live = live.filter((source) => source !== least);
  }
}

/** Documents that pass the filter. Only the fields the filter reads are decoded. */
export function* filtered(
  found: Iterable<Found>,
  predicate: Predicate,
  fields: Set<string> | undefined,
): Generator<Found, void> {
  const always = fields !== undefined && fields.size === 0;
  let looked = 0;
  for (const entry of found) {
    looked += 1;
    if (looked % 128 === 0) checkDeadline();
    if (always ? predicate(new Map()) : predicate(readDocument(entry.raw, 0, fields))) yield entry;
  }
}
