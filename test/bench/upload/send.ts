import { createHash, randomInt } from 'node:crypto';
import { open } from 'node:fs/promises';
import { request } from 'node:http';

const TUS = { 'Tus-Resumable': '1.0.0' };
/** As the screens send: a cut loses at most this much, and each piece carries its checksum. */
export const PIECE = 4 * 1024 * 1024;

export interface Target {
  /** The server may come back at another address. */
  url: string;
  token: string;
}

export interface Upload {
  readonly path: string;
  readonly slideId: string;
}

const authorised = ({ token }: Target) => ({ Authorization: `Bearer ${token}`, ...TUS });

export async function beginUpload(target: Target, caseId: string, bytes: number): Promise<Upload> {
  const metadata = Object.entries({ caseId, stain: 'HES', block: 'A1' })
    .map(([name, value]) => `${name} ${Buffer.from(value).toString('base64')}`)
    .join(',');
  const begun = await fetch(`${target.url}/api/uploads`, {
    method: 'POST',
    headers: { ...authorised(target), 'Upload-Length': String(bytes), 'Upload-Metadata': metadata },
  });
  if (begun.status !== 201) throw new Error(`the upload was answered ${begun.status}: ${await begun.text()}`);
  return { path: begun.headers.get('location') ?? '', slideId: begun.headers.get('slide-id') ?? '' };
}

export async function offsetOf(target: Target, upload: Upload): Promise<number> {
  const answer = await fetch(`${target.url}${upload.path}`, { method: 'HEAD', headers: authorised(target) });
  if (answer.status !== 200) throw new Error(`the upload's offset was answered ${answer.status}`);
  return Number(answer.headers.get('upload-offset'));
}

export interface Stretch {
  readonly file: string;
  readonly from: number;
  readonly to: number;
  /** Hang up in the middle of the last piece. */
  readonly cut?: boolean;
}

/** Sends a stretch of the file in pieces; with `cut`, the last one breaks off half way. */
export async function sendStretch(target: Target, upload: Upload, stretch: Stretch): Promise<void> {
  const file = await open(stretch.file, 'r');
  const buffer = Buffer.alloc(PIECE);
  try {
    for (let at = stretch.from; at < stretch.to; ) {
      const { bytesRead } = await file.read(buffer, 0, Math.min(PIECE, stretch.to - at), at);
      const piece = buffer.subarray(0, bytesRead);
      const isLast = at + bytesRead >= stretch.to;
      const taken = await patch(target, upload, at, piece, isLast && stretch.cut === true);
      // What was on its way when the line broke came in after the offset was asked for: ask again, as every sender does.
      at = taken ? at + bytesRead : await offsetOf(target, upload);
    }
  } finally {
    await file.close();
  }
}

/**
 * With a checksum when it arrives whole; a cut one has none, so that every byte before the cut is kept. False when the
 * upload goes on from elsewhere.
 */
async function patch(
  target: Target,
  upload: Upload,
  offset: number,
  piece: Buffer,
  cut: boolean,
): Promise<boolean> {
  const checksum = `sha256 ${createHash('sha256').update(piece).digest('base64')}`;
  return await new Promise<boolean>((resolve, reject) => {
    const sending = request(`${target.url}${upload.path}`, {
      method: 'PATCH',
      headers: {
        ...authorised(target),
        'Content-Type': 'application/offset+octet-stream',
        'Content-Length': piece.length,
        'Upload-Offset': offset,
        ...(cut ? {} : { 'Upload-Checksum': checksum }),
      },
    });
    sending.once('error', (error) => (cut ? resolve(true) : reject(error)));
    sending.once('response', (answer) => {
      answer.resume();
      if (answer.statusCode === 204 || answer.statusCode === 409)
        answer.once('end', () => resolve(answer.statusCode === 204));
      else reject(new Error(`a piece at ${offset} was answered ${answer.statusCode}`));
    });
    if (cut) sending.write(piece.subarray(0, randomInt(1, piece.length)), () => sending.destroy());
    else sending.end(piece);
  });
}
