import { readDocument } from '../bson/read.js';
import type { Doc, Value } from '../bson/values.js';
import { writeDocument } from '../bson/write.js';
import { CommandError, codes } from '../errors.js';

export const maxMessageBytes = 48_000_000;
/** A document of 16 MB and what a command adds to it. */
const maxCommandBytes = 16 * 1024 * 1024 + 16 * 1024;
export const headerBytes = 16;

const opReply = 1;
const opQuery = 2004;
const opMsg = 2013;

const checksumPresent = 1;
const moreToCome = 2;
/** Flag bits below 16 must be understood; the others may be ignored. */
const requiredBits = 0xffff;

export interface Message {
  requestId: number;
  body: Doc;
  /** The client waits for no answer (w: 0). */
  silent: boolean;
  /** Sent in the form of before 3.6, which old handshakes use; answered in kind. */
  legacy: boolean;
}

function malformed(reason: string): CommandError {
  return new CommandError(codes.failedToParse, `Malformed message: ${reason}`);
}

/** One whole message, header included. */
export function parseMessage(bytes: Buffer): Message {
  const requestId = bytes.readInt32LE(4);
  const operation = bytes.readInt32LE(12);
  if (operation === opMsg) return parseOpMsg(bytes, requestId);
  if (operation === opQuery) return parseOpQuery(bytes, requestId);
  throw malformed(`operation ${operation} is not supported`);
}

function parseOpMsg(bytes: Buffer, requestId: number): Message {
  if (bytes.length < headerBytes + 9) throw malformed('too short');
  const flags = bytes.readUInt32LE(headerBytes);
  if ((flags & requiredBits & ~(checksumPresent | moreToCome)) !== 0)
    throw malformed('unknown required flag');
  // Over a unix socket the checksum protects against nothing; it is only skipped.
  const end = bytes.length - (flags & checksumPresent ? 4 : 0);
  let at = headerBytes + 4;
  let body: Doc | undefined;
  const sequences: [string, Value[]][] = [];
  while (at < end) {
    const kind = bytes[at] as number;
    at += 1;
    if (at + 4 > end) throw malformed('truncated section');
    const size = bytes.readInt32LE(at);
    if (size < 5 || at + size > end) throw malformed('section length');
    const section = bytes.subarray(at, at + size);
    if (kind === 0) {
      if (body) throw malformed('two body sections');
      if (size > maxCommandBytes)
        throw new CommandError(
          codes.bsonObjectTooLarge,
          `BSONObj size: ${size} is invalid. Size must be between 0 and ${maxCommandBytes}`,
        );
      body = readDocument(section);
    } else if (kind === 1) sequences.push(parseSequence(section));
    else throw malformed(`section kind ${kind}`);
    at += size;
  }
  if (!body) throw malformed('no body section');
  for (const [name, documents] of sequences) {
    if (body.has(name)) throw malformed(`field ${name} both in the body and in a sequence`);
    body.set(name, documents);
  }
  return { requestId, body, silent: (flags & moreToCome) !== 0, legacy: false };
}

function parseSequence(section: Buffer): [string, Value[]] {
  const nameEnd = section.indexOf(0, 4);
  if (nameEnd === -1) throw malformed('unterminated sequence name');
  const documents: Value[] = [];
  let at = nameEnd + 1;
  while (at < section.length) {
    if (at + 5 > section.length) throw malformed('truncated sequence');
    const size = section.readInt32LE(at);
    if (size < 5 || at + size > section.length) throw malformed('document length in a sequence');
    documents.push(readDocument(section.subarray(at, at + size)));
    at += size;
  }
  return [section.toString('utf8', 4, nameEnd), documents];
}

/** Only for the first greeting: `admin.$cmd` with one document. */
function parseOpQuery(bytes: Buffer, requestId: number): Message {
  const nameEnd = bytes.indexOf(0, headerBytes + 4);
  if (nameEnd === -1 || nameEnd + 9 > bytes.length) throw malformed('legacy query');
  const namespace = bytes.toString('utf8', headerBytes + 4, nameEnd);
  if (!namespace.endsWith('.$cmd')) throw malformed('legacy queries are only for the handshake');
  const body = readDocument(bytes.subarray(nameEnd + 9));
  const name = body.keys().next().value ?? '';
  if (!['hello', 'ismaster', 'isMaster'].includes(name)) {
    throw new CommandError(
      352,
      `Unsupported OP_QUERY command: ${name}. The client driver may require an upgrade.`,
    );
  }
  body.set('$db', namespace.slice(0, -5));
  return { requestId, body, silent: false, legacy: true };
}

let replyIds = 0;

export function encodeReply(reply: Doc, request: { requestId: number; legacy: boolean }): Buffer {
  const headLength = headerBytes + (request.legacy ? 20 : 5);
  const message = writeDocument(reply, headLength);
  message.fill(0, 0, headLength);
  message.writeInt32LE(message.length, 0);
  replyIds = (replyIds + 1) & 0x7fffffff;
  message.writeInt32LE(replyIds, 4);
  message.writeInt32LE(request.requestId, 8);
  message.writeInt32LE(request.legacy ? opReply : opMsg, 12);
  if (request.legacy) {
    message.writeInt32LE(8, headerBytes);
    message.writeInt32LE(1, headerBytes + 16);
  }
  return message;
}

export function databaseOf(body: Doc): string {
  const database = body.get('$db');
  if (typeof database !== 'string' || database === '') {
    throw new CommandError(40414, 'OP_MSG requests require a $db argument');
  }
  return database;
}
