/** The embedded store in a process of its own, as its memory is measured. Arguments: data folder, key. */
import { startEmbeddedStore } from '@relecture/embedded-store';

const [dataDir = '', key] = process.argv.slice(2);
const keys = key ? [{ id: 'bench', key: Buffer.from(key, 'hex') }] : [];
const store = await startEmbeddedStore({ dataDir, keys });
process.once('SIGTERM', () => store.stop());
process.stdout.write(`${store.uri}\n`);
