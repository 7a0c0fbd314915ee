import type { QueueEntry } from '@relecture/shared/annotations/save-queue.js';

/**
 * Unsaved work on this computer, in IndexedDB, until the server has it. One row per shape or draft, under a scope
 * made of the person and the review: somebody else who signs in here never sees it. Rows hold shapes and the text
 * the reviewer typed, never the patient's identity.
 */
export interface LocalCopies<C> {
  load(): Promise<QueueEntry<C>[]>;
  /** Resolves when the row is on disk. */
  keep(entry: QueueEntry<C>): Promise<void>;
  /** Forgets the row unless it holds a newer revision than the one that was saved. */
  forget(key: string, revision: number): Promise<void>;
}

const DATABASE = 'relecture-unsaved';
const STORE = 'entries';

interface Row<C> {
  scope: string;
  key: string;
  entry: QueueEntry<C>;
}

let opening: Promise<IDBDatabase> | null = null;

function open(): Promise<IDBDatabase> {
  opening ??= new Promise<IDBDatabase>((resolve, reject) => {
    const request = indexedDB.open(DATABASE, 1);
    request.onupgradeneeded = () => {
      request.result.createObjectStore(STORE, { keyPath: ['scope', 'key'] });
    };
    request.onsuccess = () => {
      // Another tab with a later version of the page may want to change the store: let it.
      request.result.onversionchange = () => {
        request.result.close();
        opening = null;
      };
      resolve(request.result);
    };
    request.onerror = () => reject(request.error ?? new Error('indexedDB'));
  }).catch((error: unknown) => {
    opening = null;
    throw error;
  });
  return opening;
}

async function transact<T>(
  mode: IDBTransactionMode,
  work: (store: IDBObjectStore, done: (value: T) => void) => void,
): Promise<T> {
  const database = await open();
  return new Promise<T>((resolve, reject) => {
    // `strict`: resolved once the bytes are on disk, so that a power cut after it loses nothing.
    const transaction = database.transaction(STORE, mode, { durability: 'strict' });
    let value: T | undefined;
    work(transaction.objectStore(STORE), (result) => {
      value = result;
    });
    transaction.oncomplete = () => resolve(value as T);
    transaction.onerror = () => reject(transaction.error ?? new Error('indexedDB'));
    transaction.onabort = () => reject(transaction.error ?? new Error('indexedDB'));
  });
}

export function localCopies<C>(scope: string): LocalCopies<C> {
  return {
    load: () =>
      transact<QueueEntry<C>[]>('readonly', (store, done) => {
        const request = store.getAll(IDBKeyRange.bound([scope, ''], [scope, []]));
        request.onsuccess = () => done((request.result as Row<C>[]).map((row) => row.entry));
      }),
    keep: (entry) =>
      transact<void>('readwrite', (store, done) => {
        store.put({ scope, key: entry.key, entry } satisfies Row<C>);
        done();
      }),
    forget: (key, revision) =>
      transact<void>('readwrite', (store, done) => {
        const found = store.get([scope, key]);
        found.onsuccess = () => {
          const row = found.result as Row<C> | undefined;
          if (row && row.entry.revision <= revision) store.delete([scope, key]);
        };
        done();
      }),
  };
}
