import { type Doc, doc, int, isDoc } from '../bson/values.js';
import { badValue, CommandError, failedToParse } from '../errors.js';
import { declaring, startClock } from '../expressions/variables.js';
import type { Query } from '../plan/query.js';
import type { Position } from '../query/predicate.js';
import type { Projection } from '../query/project.js';
import type { Collection } from '../storage/catalog.js';
import { compileUpdate } from '../update/compile.js';
import { booleanArgument, collectionName, docArgument } from './arguments.js';
import { projectionFrom, queryFrom } from './find.js';
import { letVariables } from './let.js';
import type { Command, Store } from './types.js';
import { refuseExpression, upsertDocument } from './upsert.js';
import { collectionFor, targets, updateTarget } from './write.js';

export const findAndModify: Command = {
  fields: [
    'query',
    'sort',
    'remove',
    'update',
    'new',
    'fields',
    'upsert',
    'bypassDocumentValidation',
    'arrayFilters',
    'hint',
    'let',
  ],
  run(request) {
    startClock();
    const { store, database, body } = request;
    const name = collectionName(request, body.has('findAndModify') ? 'findAndModify' : 'findandmodify');
    const filter = docArgument(body, 'query');
    const variables = letVariables(body);
    const { query, projection } = declaring(variables, () => {
      const asked = queryFrom(body, 'query');
      return { query: asked, projection: projectionFrom(body, 'fields', asked.filter.node) };
    });
    const wantsNew = booleanArgument(body, 'new');
    if (wantsNew && projection?.positional !== undefined)
      throw badValue('cannot use a positional projection and return the new document');
    if (booleanArgument(body, 'remove')) {
      if (body.has('update')) throw failedToParse('Cannot specify both an update and remove=true');
      if (wantsNew)
        throw failedToParse(
          "Cannot specify both new=true and remove=true; 'remove' always returns the deleted document",
        );
      if (booleanArgument(body, 'upsert'))
        throw failedToParse('Cannot specify both upsert=true and remove=true');
      return store.environment.write(() => {
        const collection = store.catalog.find(database, name);
        return removeOne(store, collection, query, projection);
      });
    }
    const given = body.get('update');
    if (given === undefined) throw failedToParse('Either an update or remove=true must be specified');
    const update = declaring(variables, () => compileUpdate(given, body.get('arrayFilters'), false));
    const upsert = booleanArgument(body, 'upsert');
    if (upsert) refuseExpression(query.filter.node);
    return store.environment.write(() => {
      const collection = store.catalog.find(database, name);
      const [target] = collection ? targets(store, collection, query, false) : [];
      if (target && collection) {
        const after = updateTarget(store, collection, target, { query, update }) ?? target.before;
        return reply(1, true, undefined, shown(wantsNew ? after : target.before, projection, query));
      }
      if (!upsert) return reply(0, false, undefined, null);
      const document = upsertDocument(filter, update);
      store.documents.insert(collectionFor(store, database, name), document);
      return reply(1, false, document, wantsNew ? shown(document, projection, query) : null);
    });
  },
};

function removeOne(
  store: Store,
  collection: Collection | undefined,
  query: Query,
  projection: Projection | undefined,
): Doc {
  const [target] = collection ? targets(store, collection, query, false) : [];
  if (!target || !collection) return doc({ lastErrorObject: doc({ n: int(0) }), value: null, ok: 1 });
  const value = shown(target.before, projection, query);
  store.documents.remove(collection, target.id, target.before, target.size);
  return doc({ lastErrorObject: doc({ n: int(1) }), value, ok: 1 });
}

function shown(document: Doc, projection: Projection | undefined, query: Query): Doc {
  if (!projection) return document;
  const position: Position = { index: undefined };
  if (projection.positional !== undefined) query.filter.predicate(document, position);
  const result = projection.apply(document, position);
  if (!isDoc(result)) throw new CommandError(1, 'projection gave no document');
  return result;
}

function reply(n: number, updatedExisting: boolean, upserted: Doc | undefined, value: Doc | null): Doc {
  const last = doc({ n: int(n), updatedExisting, upserted: upserted?.get('_id') });
  return doc({ lastErrorObject: last, value, ok: 1 });
}
