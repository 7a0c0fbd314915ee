import { Types } from 'mongoose';
import { ProblemError } from './problem.js';

/** Opaque page cursor over a sort key that ends in a unique id. */
export function encodeCursor(parts: ReadonlyArray<string | number>): string {
  return Buffer.from(JSON.stringify(parts)).toString('base64url');
}

export function decodeCursor(cursor: string, length: number): Array<string | number> {
  try {
    const parts: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
    if (Array.isArray(parts) && parts.length === length) {
      if (parts.every((part) => typeof part === 'string' || typeof part === 'number')) return parts;
    }
  } catch {
    // Falls through to the one answer for a cursor that is not ours.
  }
  throw refused();
}

/** A cursor over a date and the id of a record that the page made. */
export function decodeDateTextCursor(cursor: string): { date: Date; last: string } {
  const [at, id] = decodeCursor(cursor, 2);
  const date = new Date(String(at));
  if (Number.isNaN(date.getTime())) throw refused();
  return { date, last: String(id) };
}

/** A cursor over a date and an id: what most lists are sorted by. */
export function decodeDateCursor(cursor: string): { date: Date; last: Types.ObjectId } {
  const { date, last } = decodeDateTextCursor(cursor);
  return { date, last: objectId(last) };
}

/** A cursor over ids alone. */
export function decodeIdCursor(cursor: string): Types.ObjectId {
  const [id] = decodeCursor(cursor, 1);
  return objectId(String(id));
}

function objectId(text: string): Types.ObjectId {
  if (!/^[0-9a-f]{24}$/.test(text)) throw refused();
  return new Types.ObjectId(text);
}

const refused = () =>
  new ProblemError('INVALID_INPUT', {
    fields: [{ path: 'query.after', code: 'cursor', message: 'cursor' }],
  });
