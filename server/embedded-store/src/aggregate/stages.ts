import { type Doc, doc, int, isDoc, type Value } from '../bson/values.js';
import { CommandError } from '../errors.js';
import { compileFilter } from '../query/match.js';
import { sortedBy, sortKey } from '../query/sort.js';
import { bucket, bucketAuto } from './bucket.js';
import { group } from './group.js';
import { facet, lookup, unionWith } from './lookup.js';
import { matchFilter, positiveCount, sortFields } from './operands.js';
import type { StageCompiler } from './stage.js';
import { compileTransform } from './transform.js';
import { unwind } from './unwind.js';

const transform: StageCompiler = (operand, _context, name) => {
  const { apply, fields } = compileTransform(name, operand);
  return {
    reads: fields,
    ends: fields !== undefined,
    *run(input) {
      for (const document of input) yield apply(document);
    },
  };
};

const match: StageCompiler = (operand) => {
  const { predicate, fields } = compileFilter(matchFilter(operand));
  return {
    reads: fields,
    ends: false,
    *run(input) {
      for (const document of input) if (predicate(document)) yield document;
    },
  };
};

const sort: StageCompiler = (operand) => {
  const fields = sortFields(operand);
  return {
    reads: new Set(fields.map((field) => field.parts[0] as string)),
    ends: false,
    *run(input) {
      yield* sortedBy(input, (document) => sortKey(document, fields), estimateSize, Number.MAX_SAFE_INTEGER);
    },
  };
};

/** Rough and cheap: only guards memory. */
function estimateSize(document: Doc): number {
  return document.size * 64;
}

const limit: StageCompiler = (operand) => {
  const most = positiveCount(operand, '$limit', 1);
  return {
    reads: new Set(),
    ends: false,
    *run(input) {
      let left = most;
      for (const document of input) {
        yield document;
        left -= 1;
        if (left === 0) return;
      }
    },
  };
};

const skip: StageCompiler = (operand) => {
  const first = positiveCount(operand, '$skip', 0);
  return {
    reads: new Set(),
    ends: false,
    *run(input) {
      let left = first;
      for (const document of input) {
        if (left > 0) left -= 1;
        else yield document;
      }
    },
  };
};

const sample: StageCompiler = (operand) => {
  const size = isDoc(operand) && operand.size === 1 ? operand.get('size') : undefined;
  if (size === undefined)
    throw new CommandError(28745, 'the $sample stage specification must be an object with a size');
  const wanted = positiveCount(size, '$sample', 1);
  return {
    reads: new Set(),
    ends: false,
    *run(input) {
      const kept: Doc[] = [];
      let seen = 0;
      for (const document of input) {
        seen += 1;
        if (kept.length < wanted) kept.push(document);
        else {
          const place = Math.floor(Math.random() * seen);
          if (place < wanted) kept[place] = document;
        }
      }
      yield* kept;
    },
  };
};

const sortByCount: StageCompiler = (operand, context) => {
  const groups = group(doc({ _id: operand, count: doc({ $sum: int(1) }) }), context, '$group');
  const ordered = sort(doc({ count: int(-1) }), context, '$sort');
  return { reads: groups.reads, ends: true, run: (input) => ordered.run(groups.run(input)) };
};

const count: StageCompiler = (operand) => {
  if (typeof operand !== 'string' || operand === '' || operand.startsWith('$') || operand.includes('.')) {
    throw new CommandError(40156, 'the count field must be a non-empty string without $ or .');
  }
  const fromCount = (total: number): Doc[] =>
    total > 0 ? [new Map<string, Value>([[operand, int(total)]])] : [];
  return {
    reads: new Set(),
    ends: true,
    fromCount,
    *run(input) {
      let total = 0;
      for (const _ of input) total += 1;
      yield* fromCount(total);
    },
  };
};

/** Every pipeline stage there is; anything else is refused by name. */
export const stageCompilers: ReadonlyMap<string, StageCompiler> = new Map(
  Object.entries({
    $match: match,
    $project: transform,
    $addFields: transform,
    $set: transform,
    $unset: transform,
    $replaceRoot: transform,
    $replaceWith: transform,
    $sort: sort,
    $limit: limit,
    $skip: skip,
    $count: count,
    $group: group,
    $unwind: unwind,
    $lookup: lookup,
    $unionWith: unionWith,
    $facet: facet,
    $sample: sample,
    $sortByCount: sortByCount,
    $bucket: bucket,
    $bucketAuto: bucketAuto,
  }),
);
