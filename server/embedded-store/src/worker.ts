import { parentPort, workerData } from 'node:worker_threads';
import { StoreError } from './lifecycle/errors.js';
import type { FromThread, ThreadOptions, ToThread } from './lifecycle/messages.js';
import { openStore } from './store.js';

/** The thread the store runs in, so that a long scan never holds up the process that serves people. */
const port = parentPort;
if (!port) throw new Error('worker.ts is started by startEmbeddedStore');
const tell = (message: FromThread): void => port.postMessage(message);
const { folder, socketPath, keys } = workerData as ThreadOptions;

try {
  const store = await openStore(folder, socketPath, keys, (level, message) =>
    tell({ type: 'log', level, message }),
  );
  port.on('message', async (message: ToThread) => {
    if (message.type !== 'stop') return;
    await store.close();
    tell({ type: 'stopped' });
    port.close();
  });
  tell({ type: 'ready' });
} catch (error) {
  tell({
    type: 'failed',
    code: error instanceof StoreError ? error.code : undefined,
    message: error instanceof Error ? error.message : String(error),
  });
  port.close();
}
