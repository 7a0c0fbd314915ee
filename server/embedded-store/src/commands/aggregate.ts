import { compilePipeline } from '../aggregate/pipeline.js';
import { runOver } from '../aggregate/run.js';
import { type Doc, isDoc } from '../bson/values.js';
import { CommandError, codes, failedToParse } from '../errors.js';
import { declaring, startClock } from '../expressions/variables.js';
import type { Query } from '../plan/query.js';
import { arrayArgument, collectionName, integerArgument, refuseWhenSet } from './arguments.js';
import { letVariables } from './let.js';
import type { Command } from './types.js';
export const aggregate: Command = {
  fields: ['pipeline', 'cursor', 'hint', 'allowDiskUse', 'bypassDocumentValidation', 'let', 'explain'],
  run(request) {
    startClock();
    const { store, database, body } = request;
    refuseWhenSet(body, ['explain']);
    if (typeof body.get('aggregate') !== 'string') {
      throw new CommandError(
        codes.commandNotSupported,
        'The embedded store only aggregates over collections',
      );
    }
    const name = collectionName(request, 'aggregate');
    const cursor = body.get('cursor');
    if (!isDoc(cursor))
      throw failedToParse("The 'cursor' option is required, except for aggregate with the explain argument");
    const pipeline = declaring(letVariables(body), () =>
      compilePipeline(arrayArgument(body, 'pipeline'), (other, inner) =>
        runOver(store, database, other, inner),
      ),
    );
    const results = runOver(store, database, name, pipeline, body.get('hint'));
    const batchSize = integerArgument(cursor.get('batchSize'), 'batchSize');
    return store.cursors.start(`${database}.${name}`, results, batchSize, false);
  },
};

export function aggregateQuery(command: Doc): Query {
  const pipeline = compilePipeline(arrayArgument(command, 'pipeline'), undefined);
  return { ...pipeline.query, hint: command.get('hint') };
}
