import { type Doc, int, type Value } from '../bson/values.js';
import { CommandError } from '../errors.js';
import { compileFilter } from '../query/match.js';
import { sortedBy, sortKey } from '../query/sort.js';
import { group } from './group.js';
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

const count: StageCompiler = (operand) => {
  if (typeof operand !== 'string' || operand === '' || operand.startsWith('$') || operand.includes('.')) {
    throw new CommandError(40156, 'the count field must be a non-empty string without $ or .');
  }
  return {
    reads: new Set(),
    ends: true,
    *run(input) {
      let total = 0;
      for (const _ of input) total += 1;
      if (total > 0) yield new Map<string, Value>([[operand, int(total)]]);
    },
  };
};

export const stageCompilers: Readonly<Record<string, StageCompiler>> = {
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
};
