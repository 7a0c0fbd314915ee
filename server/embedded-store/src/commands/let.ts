import { type Doc, isDoc } from '../bson/values.js';
import { CommandError, typeMismatch } from '../errors.js';
import { checkVariableName, compileExpression } from '../expressions/compile.js';
import type { Declared } from '../expressions/variables.js';

/** The variables a command gives its filter, projection and pipeline: `let`, or the constants `c` of one update. */
export function letVariables(body: Doc, field = 'let'): Declared[] {
  const given = body.get(field);
  if (given === undefined || given === null) return [];
  if (!isDoc(given)) throw typeMismatch(`BSON field '${field}' is the wrong type, expected type 'object'`);
  return [...given].map(([name, value]) => {
    checkVariableName(name);
    const expression = compileExpression(value);
    if (expression.fields?.size !== 0) {
      throw new CommandError(
        4_890_500,
        'Command let Expression tried to access a field, but this is not allowed because command let expressions run before the query examines any documents.',
      );
    }
    return { name, value: expression.evaluate({ root: new Map(), current: new Map() }) };
  });
}
