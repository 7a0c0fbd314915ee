/** A store in a process of its own, as any MongoDB is; tells its address. Argument: data folder. */
import { startEmbeddedStore } from '@relecture/embedded-store';

const store = await startEmbeddedStore({ dataDir: process.argv[2] ?? '' });
process.stdout.write(`${store.uri}\n`);
process.once('SIGTERM', async () => {
  await store.stop();
  process.exit(0);
});
