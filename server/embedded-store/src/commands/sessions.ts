import { createHash } from 'node:crypto';
import { Binary, DateTime, type Doc, doc, isDoc, type Maybe, type Value } from '../bson/values.js';

const idleMinutes = 30;
const most = 10_000;

/** MongoDB's name for nobody: nobody signs in here. */
const nobody = new Binary(0, createHash('sha256').update('').digest());

/** The sessions drivers name in their commands. They hold nothing; they are only told when asked for. */
export class Sessions {
  private readonly seen = new Map<string, { id: Binary; lastUse: number }>();

  note(lsid: Maybe): void {
    const id = isDoc(lsid) ? lsid.get('id') : undefined;
    if (!(id instanceof Binary)) return;
    const key = Buffer.from(id.bytes).toString('hex');
    // Latest last: the first is the one to forget.
    this.seen.delete(key);
    this.seen.set(key, { id, lastUse: Date.now() });
    if (this.seen.size > most) this.seen.delete(this.seen.keys().next().value as string);
  }

  end(list: Value[]): void {
    for (const entry of list) {
      const id = isDoc(entry) ? entry.get('id') : undefined;
      if (id instanceof Binary) this.seen.delete(Buffer.from(id.bytes).toString('hex'));
    }
  }

  list(now: number): Doc[] {
    return [...this.seen.values()]
      .filter(({ lastUse }) => now - lastUse < idleMinutes * 60_000)
      .map(({ id, lastUse }) => doc({ _id: doc({ id, uid: nobody }), lastUse: new DateTime(lastUse) }));
  }
}
