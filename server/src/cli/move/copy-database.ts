import { createHash } from 'node:crypto';
import mongoose, { type mongo } from 'mongoose';
import { MOVE_NOTE } from '../../platform/db.js';

export interface CollectionMoved {
  name: string;
  documents: number;
  sha256: string;
}

interface Note {
  _id: 'move';
  /** Which source, so that only the same move goes on. */
  from: string;
  done: CollectionMoved[];
}

export class MoveRefused extends Error {}

/** Documents and bytes of one write; the bytes bound what is held in memory. */
const BATCH_DOCUMENTS = 500;
const BATCH_BYTES = 8_000_000;
/** Rounds of copying one collection, for documents that expire meanwhile. */
const ROUNDS = 3;

/**
 * Copies every collection with its indexes. The target must be empty, or hold the same move as far as it had come: a
 * note in it says which collections are done, and no server starts on it while that note is there. Documents keep
 * every type and the order of their fields; both sides are read again and their hashes compared.
 */
export async function copyDatabase(
  source: mongo.Db,
  target: mongo.Db,
  from: string,
  onDone: (moved: CollectionMoved) => void = () => undefined,
): Promise<CollectionMoved[]> {
  if ((await namesIn(source)).includes(MOVE_NOTE))
    throw new MoveRefused(
      'La source est elle-même un déplacement inachevé. / The source is itself a move that was not finished.',
    );
  const notes = target.collection<Note>(MOVE_NOTE);
  const done = await takeUp(target, notes, from);
  for (const name of await namesIn(source)) {
    if (done.some((moved) => moved.name === name)) continue;
    const moved = await copyCollection(source, target, name);
    done.push(moved);
    await notes.updateOne({ _id: 'move' }, { $push: { done: moved } });
    onDone(moved);
  }
  // Last: what expires is not removed from the target before it has been compared.
  for (const { name } of done) await copyIndexes(source, target, name);
  await notes.drop();
  return done;
}

async function takeUp(
  target: mongo.Db,
  notes: mongo.Collection<Note>,
  from: string,
): Promise<CollectionMoved[]> {
  const note = await notes.findOne({ _id: 'move' });
  if (note?.from === from) return note.done;
  if (note || (await namesIn(target)).length > 0)
    throw new MoveRefused(
      'La cible n’est pas vide : rien n’est copié par-dessus des données. / The target is not empty: nothing is copied over data.',
    );
  await notes.insertOne({ _id: 'move', from, done: [] });
  return [];
}

async function namesIn(database: mongo.Db): Promise<string[]> {
  const found = await database.listCollections({}, { nameOnly: true }).toArray();
  return found
    .map(({ name }) => name)
    .filter((name) => !name.startsWith('system.'))
    .sort();
}

async function copyCollection(source: mongo.Db, target: mongo.Db, name: string): Promise<CollectionMoved> {
  const [here, there] = [source.collection(name), target.collection(name)];
  if (!(await namesIn(target)).includes(name)) await target.createCollection(name);
  for (let round = 1; round <= ROUNDS; round += 1) {
    await copyMissing(here, there);
    const [wanted, found] = [await hashOf(here), await hashOf(there)];
    if (wanted.documents === found.documents && wanted.sha256 === found.sha256) return { name, ...found };
    await removeOthers(here, there);
  }
  throw new Error(`${name}: the copy is not what was copied`);
}

/** What a killed move had written already stays. */
async function copyMissing(source: mongo.Collection, target: mongo.Collection): Promise<void> {
  let batch: mongo.BSON.Document[] = [];
  let bytes = 0;
  const write = async () => {
    const ids = batch.map(({ _id }) => _id);
    const present = await target.find({ _id: { $in: ids } }, { projection: { _id: 1 }, raw: true }).toArray();
    const held = new Set(present.map((raw) => idOf(raw)));
    const missing = batch.filter(({ _id }) => !held.has(keyOf(_id)));
    if (missing.length > 0) await target.insertMany(missing, { ordered: true });
    batch = [];
    bytes = 0;
  };
  for await (const raw of rawDocuments(source)) {
    batch.push(typed(raw));
    bytes += raw.length;
    if (batch.length === BATCH_DOCUMENTS || bytes >= BATCH_BYTES) await write();
  }
  if (batch.length > 0) await write();
}

/** Documents that the source no longer has, or has otherwise; the next round copies the latter anew. */
async function removeOthers(source: mongo.Collection, target: mongo.Collection): Promise<void> {
  for await (const raw of rawDocuments(target)) {
    const { _id } = typed(raw);
    const [same] = await source.find({ _id }, { raw: true }).toArray();
    if (!same || !Buffer.from(same as never).equals(raw)) await target.deleteOne({ _id });
  }
}

async function* rawDocuments(collection: mongo.Collection): AsyncGenerator<Buffer> {
  for await (const raw of collection.find({}, { raw: true })) yield Buffer.from(raw as never);
}

/** Every value with its own type: an int stays an int, a double of 1 a double. */
const typed = (raw: Buffer): mongo.BSON.Document =>
  mongoose.mongo.BSON.deserialize(raw, { promoteValues: false, bsonRegExp: true });

const keyOf = (_id: unknown): string =>
  Buffer.from(mongoose.mongo.BSON.serialize({ _id })).toString('latin1');
const idOf = (raw: unknown): string => keyOf(typed(Buffer.from(raw as never))._id);

/** Of all bytes of all documents, whatever their order on either side. */
async function hashOf(collection: mongo.Collection): Promise<Omit<CollectionMoved, 'name'>> {
  let sum = 0n;
  let documents = 0;
  for await (const raw of rawDocuments(collection)) {
    sum += BigInt(`0x${createHash('sha256').update(raw).digest('hex')}`);
    documents += 1;
  }
  return { documents, sha256: createHash('sha256').update(`${documents}:${sum}`).digest('hex') };
}

async function copyIndexes(source: mongo.Db, target: mongo.Db, name: string): Promise<void> {
  const indexes = (await source.collection(name).indexes()).filter((index) => index.name !== '_id_');
  if (indexes.length === 0) return;
  const specifications = indexes.map(
    ({ v: _v, ns: _ns, background: _background, ...specification }) => specification,
  );
  await target.command({ createIndexes: name, indexes: specifications });
}
