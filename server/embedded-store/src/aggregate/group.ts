import { type Doc, int, isDoc, type Maybe, type Value } from '../bson/values.js';
import { hashKey } from '../codec/key.js';
import { CommandError } from '../errors.js';
import { compileExpression } from '../expressions/compile.js';
import { mergeFields } from '../expressions/types.js';
import { type Accumulator, compileAccumulator } from './accumulators.js';
import type { StageCompiler } from './stage.js';

export const group: StageCompiler = (operand) => {
  if (!isDoc(operand)) throw new CommandError(15947, "a group's fields must be specified in an object");
  const idSpec = operand.get('_id');
  if (idSpec === undefined) throw new CommandError(15955, 'a group specification must include an _id');
  const id = compileExpression(idSpec);
  const outputs = [...operand]
    .filter(([name]) => name !== '_id')
    .map(([name, spec]) => {
      if (name.includes('.')) throw new CommandError(40235, `The field name '${name}' cannot contain '.'`);
      if (name.startsWith('$'))
        throw new CommandError(40236, `The field name '${name}' cannot be an operator name`);
      return { name, make: compileAccumulator(name, spec) };
    });
  // countDocuments is a group of this form.
  const fromCount = (total: number): Doc[] => {
    if (total === 0) return [];
    const key = id.evaluate({ root: new Map(), current: new Map() }) ?? null;
    return [
      new Map<string, Value>([['_id', key], ...outputs.map(({ name }) => [name, int(total)] as const)]),
    ];
  };
  return {
    reads: mergeFields([id, ...outputs.map(({ make }) => ({ ...id, fields: make.fields }))]),
    ends: true,
    ...(id.constant && outputs.every(({ make }) => make.counts) ? { fromCount } : {}),
    *run(input) {
      const groups = new Map<string, { id: Maybe; accumulators: Accumulator[] }>();
      for (const document of input) {
        const scope = { root: document, current: document };
        const key = id.evaluate(scope);
        // A missing key and null are one group.
        const text = hashKey(key ?? null);
        let found = groups.get(text);
        if (!found) {
          found = { id: key ?? null, accumulators: outputs.map(({ make }) => make.start()) };
          groups.set(text, found);
        }
        for (let at = 0; at < outputs.length; at += 1) (found.accumulators[at] as Accumulator).add(scope);
      }
      for (const { id: groupId, accumulators } of groups.values()) {
        const result: Doc = new Map<string, Value>([['_id', groupId as Value]]);
        for (let at = 0; at < outputs.length; at += 1) {
          const value = (accumulators[at] as Accumulator).result();
          if (value !== undefined) result.set((outputs[at] as { name: string }).name, value);
        }
        yield result;
      }
    },
  };
};
