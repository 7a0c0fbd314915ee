import { compilePipeline } from '../aggregate/pipeline.js';
import type { OpenCollection } from '../aggregate/stage.js';
import { type Doc, isDoc, type Value } from '../bson/values.js';
import { CommandError, codes } from '../errors.js';
import { compileExpression } from '../expressions/compile.js';
import type { Sessions } from './sessions.js';

/** The stages an aggregation without a collection may begin with, and the documents they give. */
const sources: Record<string, (operand: Value, sessions: Sessions) => Doc[]> = {
  $documents(operand) {
    const expression = compileExpression(operand);
    const list = expression.evaluate({ root: new Map(), current: new Map() });
    if (expression.fields?.size !== 0 || !Array.isArray(list) || !list.every(isDoc))
      throw new CommandError(5_858_203, 'an array of documents is expected by $documents');
    return list;
  },
  $listLocalSessions(operand, sessions) {
    if (!isDoc(operand) || operand.size > 0)
      throw new CommandError(codes.commandNotSupported, 'The embedded store lists all sessions or none');
    return sessions.list(Date.now());
  },
};

export const sourceStages = Object.keys(sources);

export function runSourceless(
  stages: Value[],
  sessions: Sessions,
  open: OpenCollection,
  strict: boolean,
): Iterator<Doc, void> {
  const [first] = stages;
  const [name, operand] = (isDoc(first) ? first.entries().next().value : undefined) ?? ['', null];
  const source = sources[name];
  if (!source)
    throw new CommandError(
      codes.invalidNamespace,
      `{aggregate: 1} is not valid for '${name}'; a collection is required.`,
    );
  if (strict && name !== '$documents')
    throw new CommandError(323, `stage ${name} is not allowed with 'apiStrict: true' in API Version 1`);
  const pipeline = compilePipeline(stages.slice(1), open, false);
  return pipeline.runFrom(0, source(operand, sessions))[Symbol.iterator]() as Iterator<Doc, void>;
}
