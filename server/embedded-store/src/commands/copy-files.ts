import { mkdirSync, readdirSync } from 'node:fs';
import { isAbsolute } from 'node:path';
import { doc } from '../bson/values.js';
import { badValue } from '../errors.js';
import type { Command } from './types.js';

/**
 * The store's own: a hot copy of its files, for a backup. One consistent moment; reads and writes go on. Whoever
 * reaches the socket is the user whose files these are, and could read all of them anyway.
 */
export const copyFiles: Command = {
  fields: ['to'],
  async run({ store, body }) {
    const to = body.get('to');
    if (typeof to !== 'string' || !isAbsolute(to))
      throw badValue("'to' must be the absolute path of a folder");
    mkdirSync(to, { recursive: true, mode: 0o700 });
    if (readdirSync(to).length > 0) throw badValue("'to' must be an empty folder");
    await store.environment.copyTo(to);
    return doc({ ok: 1 });
  },
};
