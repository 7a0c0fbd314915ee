import { closeSync, openSync, readSync } from 'node:fs';

/** What LMDB's newest meta page says of the file. */
export interface Meta {
  pageSize: number;
  lastPage: number;
  transaction: number;
  /** First pages of the tree of free pages and of that of the data; -1: it is empty. */
  roots: readonly [number, number];
}

const at = { number: 0, transaction: 8, flags: 18, keys: 20, overflowPages: 20, nodes: 24 };
const flag = { branch: 1, leaf: 2, overflow: 4 };
const node = { flags: 4, keyLength: 6, key: 8, elsewhere: 1 };
const maxDepth = 32;

/**
 * A copy taken page by page while the store went on writing holds pages that are newer than its root: LMDB would end
 * the process over some of them and take others for what they no longer are. Every page carries the transaction that
 * wrote it, so that is seen before LMDB opens the file. Answers why the file cannot be used.
 */
export function brokenPages(path: string, meta: Meta): string | undefined {
  const file = openSync(path, 'r');
  try {
    const pages = new Pages(file, meta);
    for (const root of meta.roots) if (root >= 0) pages.walk(root, 1);
    return undefined;
  } catch (error) {
    if (error instanceof BrokenPage || error instanceof RangeError) return error.message;
    throw error;
  } finally {
    closeSync(file);
  }
}

class BrokenPage extends Error {}

class Pages {
  private readonly file: number;
  private readonly meta: Meta;
  private visited = 0;

  constructor(file: number, meta: Meta) {
    this.file = file;
    this.meta = meta;
  }

  walk(number: number, depth: number): void {
    const page = this.read(number, this.meta.pageSize);
    const kind = page.readUInt16LE(at.flags) & 0xff;
    const leaf = (kind & flag.leaf) !== 0;
    if (depth > maxDepth || leaf === ((kind & flag.branch) !== 0))
      throw new BrokenPage(`page ${number} is of another kind`);
    const keys = page.readUInt16LE(at.keys) >> 1;
    for (let key = 0; key < keys; key += 1) {
      const position = at.nodes + page.readUInt16LE(at.nodes + 2 * key);
      if (!leaf) this.walk(page.readUIntLE(position, 6), depth + 1);
      else if (page.readUInt16LE(position + node.flags) & node.elsewhere) {
        const value = position + node.key + page.readUInt16LE(position + node.keyLength);
        this.overflow(Number(page.readBigUInt64LE(value)));
      }
    }
  }

  private overflow(number: number): void {
    const head = this.read(number, at.nodes);
    if ((head.readUInt16LE(at.flags) & flag.overflow) === 0)
      throw new BrokenPage(`page ${number} is of another kind`);
    if (number + head.readUInt32LE(at.overflowPages) - 1 > this.meta.lastPage)
      throw new BrokenPage(`page ${number} leads out of the file`);
  }

  private read(number: number, bytes: number): Buffer {
    this.visited += 1;
    if (number < 2 || number > this.meta.lastPage || this.visited > this.meta.lastPage)
      throw new BrokenPage(`page ${number} leads out of the file`);
    const page = Buffer.alloc(bytes);
    readSync(this.file, page, 0, bytes, number * this.meta.pageSize);
    if (Number(page.readBigUInt64LE(at.number)) !== number)
      throw new BrokenPage(`page ${number} is another one`);
    if (Number(page.readBigUInt64LE(at.transaction)) > this.meta.transaction)
      throw new BrokenPage('it was copied while the store wrote to it');
    return page;
  }
}
