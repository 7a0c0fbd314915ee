import type { Readable } from 'node:stream';
import { Dicer } from '@fastify/busboy';

/** multipart/related as DICOMweb speaks it (PS3.18, RFC 2387): each part is handed on as a stream, none is held. */
export interface Part {
  readonly type: string;
  readonly body: Readable;
}

/** The boundary of `multipart/related; type="application/dicom"; boundary=…`, or null. */
export function boundaryOf(contentType: string | null | undefined): string | null {
  if (!/^multipart\/related\s*;/i.test(contentType ?? '')) return null;
  const found = /;\s*boundary=(?:"([^"]{1,70})"|([^\s;"]{1,70}))/i.exec(contentType ?? '');
  return found?.[1] ?? found?.[2] ?? null;
}

/** PS3.18 8.7.3: `type` names what the parts are. */
export const isOfDicom = (contentType: string): boolean =>
  /;\s*type="?application\/dicom"?\s*(;|$)/i.test(contentType);

export class TooManyParts extends Error {
  override name = 'TooManyParts';
}

/** Reads part after part; `take` is done with one before the next begins. Rejects when the message is cut or malformed. */
export async function readParts(
  message: Readable,
  boundary: string,
  mostParts: number,
  take: (part: Part) => Promise<void>,
): Promise<number> {
  const dicer = new Dicer({ boundary, maxHeaderPairs: 20 });
  const open = new Set<Readable>();
  let parts = 0;
  let last: Promise<void> = Promise.resolve();
  let failure: unknown = null;

  const handOn = async (body: Readable, type: Promise<string>): Promise<void> => {
    try {
      if (failure === null) await take({ type: await type, body });
    } catch (error) {
      failure ??= error;
    } finally {
      open.delete(body);
      // What is not read would stop everything that comes after it.
      body.resume();
    }
  };
  dicer.on('part', (body) => {
    parts += 1;
    if (parts > mostParts) failure ??= new TooManyParts();
    open.add(body);
    const type = new Promise<string>((resolve) => {
      body.once('header', (fields: object) =>
        resolve((fields as Record<string, string[]>)['content-type']?.[0] ?? ''),
      );
      body.once('end', () => resolve(''));
      // The message as a whole tells why it broke off.
      body.on('error', () => resolve(''));
    });
    last = last.then(() => handOn(body, type));
  });
  try {
    await pour(message, dicer);
  } catch (error) {
    for (const body of open) body.destroy(new Error('the message broke off'));
    await last;
    throw failure ?? error;
  }
  await last;
  if (failure !== null) throw failure;
  return parts;
}

/** By hand: the parser says that it has finished when its last part was read, which is later than streams expect. */
async function pour(message: Readable, dicer: Dicer): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    dicer.once('finish', resolve);
    dicer.on('error', reject);
    message.on('error', reject);
    message.once('close', () => {
      if (!message.readableEnded) reject(new Error('the message broke off'));
    });
    message.pipe(dicer);
  }).finally(() => message.unpipe(dicer));
}
