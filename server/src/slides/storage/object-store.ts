import { Readable } from 'node:stream';
import { DeleteObjectCommand, GetObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { SlideRefusal } from '../formats/refusal.js';
import { SlideStoreError } from '../formats/remote-source.js';

/** Of each of two parts that are under way at once. */
const PART_BYTES = 8 * 1024 * 1024;
const PARTS_AT_ONCE = 2;
/** Longest that the signature allows; a location is looked up anew long before. */
const SIGNED_SECONDS = 7 * 24 * 3600;

export interface ObjectStoreSettings {
  readonly bucket: string;
  /** null: Amazon's, by region. */
  readonly endpoint: string | null;
  readonly region: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/** An S3-compatible store of one bucket. Objects have random names; nothing in them or about them names a patient. */
export interface ObjectStore {
  /** An address that reads this object, and nothing else, for seven days: processes without credentials use it. */
  addressOf(name: string): Promise<string>;
  /** In parts, whatever the size; whole when it resolves. Nothing is left of one that failed. */
  write(name: string, pieces: AsyncIterable<Buffer>): Promise<void>;
  /** Can be repeated. */
  remove(name: string): Promise<void>;
  list(prefix: string): AsyncGenerator<{ name: string; changedAt: Date }>;
  close(): void;
}

export function createObjectStore({
  bucket,
  endpoint,
  region,
  ...credentials
}: ObjectStoreSettings): ObjectStore {
  const client = new S3Client({
    region,
    credentials,
    // Stores of one's own seldom have a name of the network for every bucket.
    ...(endpoint === null ? {} : { endpoint, forcePathStyle: true }),
    // Stores of other makers do not know the newer checksums.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
  });
  return {
    addressOf: async (Key) =>
      await getSignedUrl(client, new GetObjectCommand({ Bucket: bucket, Key }), {
        expiresIn: SIGNED_SECONDS,
      }),
    async write(Key, pieces) {
      const upload = new Upload({
        client,
        params: { Bucket: bucket, Key, Body: Readable.from(copies(pieces), { objectMode: false }) },
        partSize: PART_BYTES,
        queueSize: PARTS_AT_ONCE,
      });
      await tell(upload.done());
    },
    async remove(Key) {
      await tell(client.send(new DeleteObjectCommand({ Bucket: bucket, Key })));
    },
    async *list(Prefix) {
      for (let token: string | undefined; ; ) {
        const page = await tell(
          client.send(
            new ListObjectsV2Command({
              Bucket: bucket,
              Prefix,
              ...(token === undefined ? {} : { ContinuationToken: token }),
            }),
          ),
        );
        for (const { Key, LastModified } of page.Contents ?? [])
          if (Key && LastModified) yield { name: Key, changedAt: LastModified };
        token = page.NextContinuationToken;
        if (token === undefined) return;
      }
    },
    close: () => client.destroy(),
  };
}

/** Pieces come in one buffer that is used again, and a part waits until it has left. */
async function* copies(pieces: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  for await (const piece of pieces) yield Buffer.from(piece);
}

/** The store's own words stay in the cause: they may hold an address or the name of an account. */
async function tell<T>(asked: Promise<T>): Promise<T> {
  try {
    return await asked;
  } catch (cause) {
    // Of the slide that was being read to be written here.
    if (cause instanceof SlideRefusal) throw cause;
    throw new SlideStoreError('the object store refused', { cause });
  }
}
