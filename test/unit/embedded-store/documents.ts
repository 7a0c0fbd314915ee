import { readDocument } from '@relecture/embedded-store/bson/read.js';
import type { Doc, Value } from '@relecture/embedded-store/bson/values.js';
import { writeDocument } from '@relecture/embedded-store/bson/write.js';
import { mongo } from 'mongoose';

const { BSON } = mongo;

/** A plain document, as a client would send it, in the store's typed form. */
export function typed(document: object): Doc {
  return readDocument(Buffer.from(BSON.serialize(document, { ignoreUndefined: true })));
}

export function typedValue(value: unknown): Value {
  return typed({ value }).get('value') as Value;
}

/** What a client would read back, as text that shows every type (canonical extended JSON). */
export function shown(document: Doc): unknown {
  return JSON.parse(
    BSON.EJSON.stringify(
      BSON.deserialize(writeDocument(document), { promoteValues: false, bsonRegExp: true }),
      { relaxed: false },
    ),
  );
}

/** The same text for a plain document, to compare with. */
export function canonical(document: object): unknown {
  return shown(typed(document));
}
