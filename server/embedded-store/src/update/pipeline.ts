import { compileTransform } from '../aggregate/transform.js';
import { describeValue } from '../bson/describe.js';
import { cloneDoc, type Doc, isDoc, type Value } from '../bson/values.js';
import { equalValues } from '../codec/compare.js';
import { CommandError, codes, failedToParse } from '../errors.js';

const allowed = ['$set', '$addFields', '$unset', '$project', '$replaceWith', '$replaceRoot'];

/** An update written as a pipeline: the stages that turn one document into one document. */
export function compilePipelineUpdate(stages: Value[]): (document: Doc) => Doc {
  const steps = stages.map((stage) => {
    if (!isDoc(stage) || stage.size !== 1)
      throw failedToParse('Each element of the pipeline must be an object with one field');
    const [name, operand] = stage.entries().next().value as [string, Value];
    if (!allowed.includes(name)) {
      throw new CommandError(codes.invalidOptions, `${name} is not allowed to be used within an update`);
    }
    return compileTransform(name, operand).apply;
  });
  return (document) => {
    const id = document.get('_id');
    let result = cloneDoc(document);
    for (const step of steps) result = step(result);
    const after = result.get('_id');
    if (id !== undefined && after === undefined) return new Map([['_id', id], ...result]);
    if (id !== undefined && !equalValues(id, after)) {
      throw new CommandError(
        codes.immutableField,
        `Performing an update on the path '_id' would modify the immutable field '_id' (new value: ${describeValue(after)})`,
      );
    }
    return result;
  };
}
