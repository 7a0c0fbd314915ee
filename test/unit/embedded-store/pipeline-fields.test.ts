import { compilePipeline } from '@relecture/embedded-store/aggregate/pipeline.js';
import { readDocument } from '@relecture/embedded-store/bson/read.js';
import { writeDocument } from '@relecture/embedded-store/bson/write.js';
import { expect } from 'chai';
import * as fc from 'fast-check';
import { anyValue } from './arbitraries.js';
import { shown, typed, typedValue } from './documents.js';

const names = ['a', 'b', 'c', 'd'];
const field = fc.constantFrom(...names);
const path = fc.oneof(field, fc.constantFrom('a.b', 'b.a', 'c.a.b'));
const value = fc.oneof(
  path.map((name) => `$${name}`),
  path.map((name) => ({ $ifNull: [`$${name}`, '$d'] })),
  fc.tuple(path, path).map(([a, b]) => ({ x: `$${a}`, y: [`$${b}`] })),
  path.map((name) => ({ $let: { vars: { v: `$${name}` }, in: { $type: '$$v' } } })),
  fc.constant('$$ROOT'),
  fc.constant({ $type: '$$CURRENT.a' }),
  fc.constant(1),
);
const made = fc.constantFrom('made', 'a', 'b.z');
const collected = fc.oneof(
  value.map((of) => ({ $push: of })),
  value.map((of) => ({ $first: of })),
  fc.constant({ $sum: 1 }),
  path.map((name) => ({ $max: `$${name}` })),
);
const test = fc.constantFrom<unknown>({ $exists: true }, { $type: 'number' }, { $ne: 1 });

const stage: fc.Arbitrary<Record<string, unknown>> = fc.oneof(
  fc.tuple(path, test).map(([name, asked]) => ({ $match: { [name]: asked } })),
  fc.tuple(path, path).map(([a, b]) => ({ $match: { $expr: { $eq: [`$${a}`, `$${b}`] } } })),
  path.map((name) => ({ $project: { [name]: 1 } })),
  path.map((name) => ({ $project: { [name]: 0 } })),
  fc.tuple(made, value).map(([name, of]) => ({ $addFields: { [name]: of } })),
  fc.tuple(field, value).map(([name, of]) => ({ $project: { [name]: of } })),
  path.map((name) => ({ $unset: name })),
  fc.tuple(value, collected, collected).map(([_id, r, s]) => ({ $group: { _id, r, s } })),
  fc
    .tuple(path, fc.constantFrom(1, -1))
    .map(([name, direction]) => ({ $sort: { [name]: direction, _id: 1 } })),
  field.map((name) => ({ $unwind: { path: `$${name}`, preserveNullAndEmptyArrays: true } })),
  value.map((of) => ({ $replaceWith: { _id: '$_id', v: of } })),
  path.map((name) => ({ $sortByCount: `$${name}` })),
  path.map((name) => ({
    $bucketAuto: { groupBy: `$${name}`, buckets: 2, output: { all: { $push: '$b' } } },
  })),
  path.map((name) => ({
    $facet: { one: [{ $match: { [name]: { $exists: true } } }], all: [{ $count: 'n' }] },
  })),
  fc.constantFrom({ $limit: 2 }, { $skip: 1 }, { $count: 'n' }),
);

describe('embedded store: what a pipeline reads of its documents', () => {
  it('is all that its result depends on', () => {
    const document = fc.record({ a: anyValue, b: anyValue, c: anyValue, d: anyValue }, { requiredKeys: [] });
    return fc.assert(
      fc.property(
        fc.array(document, { minLength: 1, maxLength: 5 }),
        fc.array(stage, { minLength: 1, maxLength: 4 }),
        (documents, stages) => {
          const pipeline = compilePipeline(typedValue(stages), undefined, false);
          if (!pipeline.fields) return;
          const bytes = documents.map((fields, _id) => writeDocument(typed({ _id, ...fields })));
          const over = (only: Set<string> | undefined): unknown => {
            try {
              const input = bytes.map((one) => readDocument(one, 0, only));
              return [...pipeline.runFrom(0, input)].map((result) => shown(result));
            } catch (error) {
              return (error as Error).message;
            }
          };
          expect(over(pipeline.fields)).to.deep.equal(over(undefined));
        },
      ),
      { numRuns: 3000 },
    );
  });
});
