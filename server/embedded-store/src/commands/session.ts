import { DateTime, type Doc, doc, int } from '../bson/values.js';
import { CommandError, codes } from '../errors.js';
import { arrayArgument } from './arguments.js';
import type { Command, Request } from './types.js';

/** The version whose behaviour the store follows. */
export const version = '8.0.0';
const maxWireVersion = 25;

function hello(request: Request): Doc {
  return doc({
    helloOk: true,
    ismaster: true,
    isWritablePrimary: true,
    maxBsonObjectSize: int(16 * 1024 * 1024),
    maxMessageSizeBytes: int(48_000_000),
    maxWriteBatchSize: int(100_000),
    localTime: new DateTime(Date.now()),
    logicalSessionTimeoutMinutes: int(30),
    connectionId: int(request.connectionId),
    minWireVersion: int(0),
    maxWireVersion: int(maxWireVersion),
    readOnly: false,
    ok: 1,
  });
}

const greeting: Command = {
  fields: [
    'helloOk',
    'client',
    'compression',
    'hostInfo',
    'loadBalanced',
    'saslSupportedMechs',
    'speculativeAuthenticate',
    'topologyVersion',
    'maxAwaitTimeMS',
    'backpressure',
    '$readPreference',
  ],
  run: hello,
};

const nothing = (fields: string[] = []): Command => ({ fields, run: () => doc({ ok: 1 }) });

const buildInfo: Command = {
  fields: [],
  run: () =>
    doc({
      version,
      gitVersion: 'relecture-embedded-store',
      modules: ['relecture-embedded-store'],
      versionArray: version
        .split('.')
        .concat('0')
        .map((part) => int(Number(part))),
      bits: int(64),
      debug: false,
      maxBsonObjectSize: int(16 * 1024 * 1024),
      ok: 1,
    }),
};

const connectionStatus: Command = {
  fields: ['showPrivileges'],
  run: () => doc({ authInfo: doc({ authenticatedUsers: [], authenticatedUserRoles: [] }), ok: 1 }),
};

const noTransaction: Command = {
  fields: ['txnNumber', 'autocommit', 'recoveryToken'],
  run() {
    throw new CommandError(
      codes.operationNotSupportedInTransaction,
      'The embedded store has no transactions: commit and abort are not supported',
    );
  },
};

/** Handshake, sessions and small talk. */
export const sessionCommands: Record<string, Command> = {
  hello: greeting,
  isMaster: greeting,
  ismaster: greeting,
  ping: nothing(),
  endSessions: {
    fields: [],
    run({ store, body }) {
      store.sessions.end(arrayArgument(body, 'endSessions'));
      return doc({ ok: 1 });
    },
  },
  refreshSessions: nothing(),
  startSession: {
    fields: [],
    run() {
      throw new CommandError(
        codes.commandNotFound,
        "no such command: 'startSession': sessions are implicit here",
      );
    },
  },
  buildInfo,
  buildinfo: buildInfo,
  connectionStatus,
  whatsmyuri: { fields: [], run: () => doc({ you: 'unix-socket', ok: 1 }) },
  getParameter: {
    fields: ['featureCompatibilityVersion', 'allParameters'],
    run: () => doc({ featureCompatibilityVersion: doc({ version: '8.0' }), ok: 1 }),
  },
  serverStatus: {
    fields: [],
    run: () =>
      doc({
        version,
        process: 'relecture-embedded-store',
        uptime: process.uptime(),
        localTime: new DateTime(Date.now()),
        ok: 1,
      }),
  },
  commitTransaction: noTransaction,
  abortTransaction: noTransaction,
};
