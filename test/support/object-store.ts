import { mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

interface S3Server {
  run(): Promise<{ port: number }>;
  close(): Promise<void>;
}

const S3rver = createRequire(import.meta.url)('s3rver') as new (options: object) => S3Server;
const BUCKET = 'lames';

export interface ObjectStoreServer {
  readonly folder: string;
  readonly port: number;
  /** What the product is told of it. */
  readonly settings: Record<string, string>;
  /** The objects stay: `startObjectStore` with this one starts it again. */
  stop(): Promise<void>;
  remove(): Promise<void>;
}

/** A real S3 server of its own, on a free port; or a stopped one again, where it was. */
export async function startObjectStore(before?: ObjectStoreServer): Promise<ObjectStoreServer> {
  const folder = before?.folder ?? (await mkdtemp(join(tmpdir(), 'relecture-s3-')));
  const server = new S3rver({
    address: '127.0.0.1',
    port: before?.port ?? 0,
    silent: true,
    directory: folder,
    configureBuckets: [{ name: BUCKET, configs: [] }],
  });
  const { port } = await server.run();
  let running = true;
  const stop = async () => {
    if (running) await server.close();
    running = false;
  };
  return {
    folder,
    port,
    settings: {
      S3_ENDPOINT: `http://127.0.0.1:${port}`,
      S3_BUCKET: BUCKET,
      S3_ACCESS_KEY_ID: 'S3RVER',
      S3_SECRET_ACCESS_KEY: 'S3RVER',
    },
    stop,
    async remove() {
      await stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
