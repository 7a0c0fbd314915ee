import { takeOutput } from '../aggregate/output.js';
import { compilePipeline } from '../aggregate/pipeline.js';
import { runOver } from '../aggregate/run.js';
import { type Doc, isDoc } from '../bson/values.js';
import { CommandError, codes, failedToParse } from '../errors.js';
import { declaring, startClock } from '../expressions/variables.js';
import type { Query } from '../plan/query.js';
import { arrayArgument, collectionName, integerArgument, refuseWhenSet } from './arguments.js';
import { letVariables } from './let.js';
import { writeOutput } from './output.js';
import type { Command } from './types.js';
export const aggregate: Command = {
  fields: ['pipeline', 'cursor', 'hint', 'allowDiskUse', 'bypassDocumentValidation', 'let', 'explain'],
  async run(request) {
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
    const { pipeline, output } = declaring(letVariables(body), () => {
      const taken = takeOutput(arrayArgument(body, 'pipeline'), database);
      return {
        output: taken.output,
        pipeline: compilePipeline(taken.stages, (other, inner) => runOver(store, database, other, inner)),
      };
    });
    const results = runOver(store, database, name, pipeline, body.get('hint'));
    if (output) {
      await writeOutput(store, output, results);
      return store.cursors.start(`${database}.${name}`, [][Symbol.iterator](), undefined, false);
    }
    const batchSize = integerArgument(cursor.get('batchSize'), 'batchSize');
    return store.cursors.start(`${database}.${name}`, results, batchSize, false);
  },
};

export function aggregateQuery(command: Doc): Query {
  const pipeline = compilePipeline(arrayArgument(command, 'pipeline'), undefined);
  return { ...pipeline.query, hint: command.get('hint') };
}
