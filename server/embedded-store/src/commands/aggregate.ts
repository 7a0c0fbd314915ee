import { takeOutput } from '../aggregate/output.js';
import { compilePipeline } from '../aggregate/pipeline.js';
import { runOver } from '../aggregate/run.js';
import type { OpenCollection } from '../aggregate/stage.js';
import { type Doc, isDoc } from '../bson/values.js';
import { isNumber, plainNumber } from '../codec/exact.js';
import { failedToParse } from '../errors.js';
import { declaring, startClock } from '../expressions/variables.js';
import type { Query } from '../plan/query.js';
import { isTrue } from '../storage/catalog.js';
import { arrayArgument, collectionName, integerArgument, refuseWhenSet } from './arguments.js';
import type { Results } from './cursors.js';
import { letVariables } from './let.js';
import { writeOutput } from './output.js';
import { runSourceless } from './sourceless.js';
import type { Command } from './types.js';

export const aggregate: Command = {
  fields: ['pipeline', 'cursor', 'hint', 'allowDiskUse', 'bypassDocumentValidation', 'let', 'explain'],
  async run(request) {
    startClock();
    const { store, database, body } = request;
    refuseWhenSet(body, ['explain']);
    // {aggregate: 1} is about the database: its first stage makes the documents.
    const over = body.get('aggregate');
    const name = isNumber(over) && plainNumber(over) === 1 ? undefined : collectionName(request, 'aggregate');
    const cursor = body.get('cursor');
    if (!isDoc(cursor))
      throw failedToParse("The 'cursor' option is required, except for aggregate with the explain argument");
    const batchSize = integerArgument(cursor.get('batchSize'), 'batchSize');
    const open: OpenCollection = (other, inner) => runOver(store, database, other, inner);
    const { results, output } = declaring(letVariables(body), () => {
      const { stages, output } = takeOutput(arrayArgument(body, 'pipeline'), database);
      const results: Results =
        name === undefined
          ? runSourceless(stages, store.sessions, open, isTrue(body.get('apiStrict')))
          : runOver(store, database, name, compilePipeline(stages, open), body.get('hint'));
      return { results, output };
    });
    const namespace = `${database}.${name ?? '$cmd.aggregate'}`;
    if (!output) return store.cursors.start(namespace, results, batchSize, false);
    await writeOutput(store, output, results);
    return store.cursors.start(namespace, [][Symbol.iterator](), undefined, false);
  },
};

export function aggregateQuery(command: Doc): Query {
  const pipeline = compilePipeline(arrayArgument(command, 'pipeline'), undefined);
  return { ...pipeline.query, hint: command.get('hint') };
}
