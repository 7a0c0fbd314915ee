import type { Doc } from '../bson/values.js';
import { badValue, CommandError, codes } from '../errors.js';
import { withDeadline } from '../plan/deadline.js';
import { aggregate } from './aggregate.js';
import { checkApiVersion, checkFields, integerArgument } from './arguments.js';
import { bulkWrite } from './bulk-write.js';
import { collectionCommands } from './collections.js';
import { copyFiles } from './copy-files.js';
import { distinct } from './distinct.js';
import { explain } from './explain.js';
import { count, find, getMore, killCursors } from './find.js';
import { findAndModify } from './find-and-modify.js';
import { indexCommands } from './indexes.js';
import { sessionCommands } from './session.js';
import { statsCommands } from './stats.js';
import type { Command, Request } from './types.js';
import { insert, remove, update } from './write.js';

/** Every command there is; anything else is refused as MongoDB refuses a name it does not know. */
export const commands: ReadonlyMap<string, Command> = new Map<string, Command>([
  ...Object.entries(sessionCommands),
  ...Object.entries(collectionCommands),
  ...Object.entries(indexCommands),
  ...Object.entries(statsCommands),
  ['find', find],
  ['getMore', getMore],
  ['killCursors', killCursors],
  ['count', count],
  ['distinct', distinct],
  ['aggregate', aggregate],
  ['insert', insert],
  ['update', update],
  ['delete', remove],
  ['bulkWrite', bulkWrite],
  ['findAndModify', findAndModify],
  ['findandmodify', findAndModify],
  ['explain', explain],
  ['copyFiles', copyFiles],
]);

export async function runCommand(request: Request): Promise<Doc> {
  const name = request.body.keys().next().value ?? '';
  checkApiVersion(name, request.body);
  const command = commands.get(name);
  if (!command) throw new CommandError(codes.commandNotFound, `no such command: '${name}'`);
  checkFields(name, request.body, command.fields);
  request.store.sessions.note(request.body.get('lsid'));
  const limit = integerArgument(request.body.get('maxTimeMS'), 'maxTimeMS');
  if (limit !== undefined && limit < 0)
    throw badValue(`BSON field 'maxTimeMS' value must be >= 0, actual value '${limit}'`);
  return withDeadline(limit, () => command.run(request));
}
