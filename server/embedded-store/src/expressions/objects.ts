import { typeName } from '../bson/types.js';
import { type Doc, int, isDoc, type Maybe, type Value } from '../bson/values.js';
import { writeDocument } from '../bson/write.js';
import { CommandError } from '../errors.js';
import { namedOperand, unary } from './operator.js';
import { isNullish } from './truth.js';
import { mergeFields, type OperatorCompiler } from './types.js';

/** A field whose name may hold dots or dollars; the name must be a constant. */
function fieldName(value: Value | undefined, compile: Parameters<OperatorCompiler>[1], name: string): string {
  const expression = compile(value ?? null);
  const text = expression.constant ? expression.evaluate({ root: new Map(), current: new Map() }) : undefined;
  if (typeof text !== 'string')
    throw new CommandError(5654602, `${name} requires 'field' to be a constant string`);
  return text;
}

const getField: OperatorCompiler = (operand, compile, name) => {
  const shorthand = !isDoc(operand) || !operand.has('field');
  const given = shorthand ? undefined : namedOperand(operand, ['field'], ['input'], name);
  const field = fieldName(given ? given.get('field') : operand, compile, name);
  const input = compile(given?.get('input') ?? '$$CURRENT');
  return {
    fields: input.fields,
    evaluate: (scope) => {
      const value = input.evaluate(scope);
      if (isNullish(value)) return value === undefined ? undefined : null;
      return isDoc(value) ? value.get(field) : undefined;
    },
  };
};

function changeField(removes: boolean): OperatorCompiler {
  return (operand, compile, name) => {
    const given = namedOperand(operand, removes ? ['field', 'input'] : ['field', 'input', 'value'], [], name);
    const field = fieldName(given.get('field'), compile, name);
    const input = compile(given.get('input') as Value);
    const value = compile(removes ? '$$REMOVE' : (given.get('value') as Value));
    return {
      fields: mergeFields([input, value]),
      evaluate: (scope): Maybe => {
        const target = input.evaluate(scope);
        if (isNullish(target)) return null;
        if (!isDoc(target))
          throw new CommandError(
            4161105,
            `${name} requires 'input' to evaluate to an object, found ${typeName(target)}`,
          );
        const result: Doc = new Map(target);
        const set = value.evaluate(scope);
        if (set === undefined) result.delete(field);
        else result.set(field, set);
        return result;
      },
    };
  };
}

export const objects: Record<string, OperatorCompiler> = {
  $getField: getField,
  $setField: changeField(false),
  $unsetField: changeField(true),
  $bsonSize: unary((value) => {
    if (isNullish(value)) return null;
    if (!isDoc(value))
      throw new CommandError(31393, `$bsonSize requires a document input, found: ${typeName(value)}`);
    return int(writeDocument(value).length);
  }),
  $rand: () => ({ fields: new Set(), evaluate: () => Math.random() }),
};
