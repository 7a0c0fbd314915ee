import { type Doc, isDoc, type Maybe, type Value } from '../bson/values.js';
import { CommandError, failedToParse } from '../errors.js';
import { compileExpression } from '../expressions/compile.js';
import type { Expression } from '../expressions/types.js';
import { type Declared, declaredNow } from '../expressions/variables.js';

interface Target {
  database: string;
  name: string;
}

/** The last stage of a pipeline that writes: a whole collection anew, or documents into one. */
export type Output = OutOutput | MergeOutput;

interface OutOutput {
  kind: 'out';
  target: Target;
}

export interface MergeOutput {
  kind: 'merge';
  target: Target;
  on: string[];
  matched: 'replace' | 'keepExisting' | 'merge' | 'fail' | Value[];
  notMatched: 'insert' | 'discard' | 'fail';
  /** Variables of a matched pipeline, of the new document. */
  variables: { name: string; expression: Expression }[];
  /** Those of the command. */
  outer: readonly Declared[];
}

export const outputStages = ['$out', '$merge'];

/** Splits off the stage that writes; anywhere but at the end it is refused. */
export function takeOutput(
  stages: Value[],
  database: string,
): { stages: Value[]; output: Output | undefined } {
  const nameOf = (stage: Maybe) => (isDoc(stage) && stage.size === 1 ? stage.keys().next().value : undefined);
  const at = stages.findIndex((stage) => outputStages.includes(nameOf(stage) ?? ''));
  if (at === -1) return { stages, output: undefined };
  const last = stages[at] as Doc;
  const name = nameOf(last) as string;
  if (at !== stages.length - 1)
    throw new CommandError(40601, `${name} can only be the final stage in the pipeline`);
  const operand = last.get(name) as Value;
  const output = name === '$out' ? parseOut(operand, database) : parseMerge(operand, database);
  return { stages: stages.slice(0, -1), output };
}

function targetOf(value: Maybe, database: string, stage: string): Target {
  if (typeof value === 'string') return { database, name: value };
  if (!isDoc(value)) throw failedToParse(`${stage} needs the name of a collection or {db, coll}`);
  for (const field of value.keys()) {
    if (field !== 'db' && field !== 'coll')
      throw new CommandError(40415, `BSON field '${stage}.${field}' is an unknown field.`);
  }
  const name = value.get('coll');
  const db = value.get('db') ?? database;
  if (typeof name !== 'string' || typeof db !== 'string')
    throw failedToParse(`${stage} needs the name of a collection or {db, coll}`);
  return { database: db, name };
}

function parseOut(operand: Value, database: string): OutOutput {
  return { kind: 'out', target: targetOf(operand, database, '$out') };
}

function parseMerge(operand: Value, database: string): MergeOutput {
  const spec: Doc = isDoc(operand) ? operand : new Map([['into', operand]]);
  for (const field of spec.keys()) {
    if (!['into', 'on', 'let', 'whenMatched', 'whenNotMatched'].includes(field))
      throw new CommandError(40415, `BSON field '$merge.${field}' is an unknown field.`);
  }
  const on = spec.get('on') ?? '_id';
  const fields = Array.isArray(on) ? on : [on];
  if (fields.length === 0 || !fields.every((field) => typeof field === 'string'))
    throw failedToParse("$merge 'on' field must be either a string or a non-empty array of strings");
  const matched = spec.get('whenMatched') ?? 'merge';
  if (!Array.isArray(matched) && !['replace', 'keepExisting', 'merge', 'fail'].includes(matched as string))
    throw failedToParse(`Enumeration value for field 'whenMatched' is not a valid value`);
  const notMatched = spec.get('whenNotMatched') ?? 'insert';
  if (!['insert', 'discard', 'fail'].includes(notMatched as string))
    throw failedToParse(`Enumeration value for field 'whenNotMatched' is not a valid value`);
  const given = spec.get('let');
  if (given !== undefined && (!isDoc(given) || !Array.isArray(matched)))
    throw new CommandError(51199, "Cannot use 'let' variables with 'whenMatched' that is no pipeline");
  const variables = given ?? new Map<string, Value>([['new', '$$ROOT']]);
  return {
    kind: 'merge',
    target: targetOf(spec.get('into'), database, '$merge'),
    on: fields as string[],
    matched: matched as MergeOutput['matched'],
    notMatched: notMatched as MergeOutput['notMatched'],
    variables: [...variables].map(([name, value]) => ({ name, expression: compileExpression(value) })),
    outer: declaredNow(),
  };
}
