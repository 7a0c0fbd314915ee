import { createHash } from 'node:crypto';
import { createConnection } from 'node:net';
import { expect } from 'chai';
import { bearer } from './calls.js';
import type { Person, SlideServer } from './slide-server.js';

/** tus 1.0 by hand, so that a test can send what a good client never would. */
export const TUS = { 'Tus-Resumable': '1.0.0' };
export const CHUNK = { ...TUS, 'Content-Type': 'application/offset+octet-stream' };

export const metadata = (values: Record<string, string>) =>
  Object.entries(values)
    .map(([name, value]) => `${name} ${Buffer.from(value).toString('base64')}`)
    .join(',');

export const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('base64');

export interface Begun {
  readonly address: string;
  readonly slideId: string;
}

export function uploadsOf(server: SlideServer, sender: Person) {
  const create = (length: number, values: Record<string, string>, person = sender) =>
    fetch(`${server.url}/api/uploads`, {
      method: 'POST',
      headers: {
        ...bearer(person),
        ...TUS,
        'Upload-Length': String(length),
        'Upload-Metadata': metadata(values),
      },
    });
  return {
    create,
    async begin(caseId: string, length: number): Promise<Begun> {
      const answer = await create(length, {
        caseId,
        filename: 'MARTINPLANTE.svs',
        stain: 'HES',
        block: 'B2',
      });
      expect(answer.status).to.equal(201);
      const location = answer.headers.get('location') ?? '';
      expect(location).to.match(/^\/api\/uploads\/[0-9a-f]{32}$/);
      return { address: `${server.url}${location}`, slideId: answer.headers.get('slide-id') ?? '' };
    },
    send: (address: string, offset: number, bytes: Uint8Array, headers = {}) =>
      fetch(address, {
        method: 'PATCH',
        headers: { ...bearer(sender), ...CHUNK, 'Upload-Offset': String(offset), ...headers },
        body: bytes as Uint8Array<ArrayBuffer>,
      }),
    async offsetOf(address: string): Promise<number> {
      const answer = await fetch(address, { method: 'HEAD', headers: { ...bearer(sender), ...TUS } });
      expect(answer.status).to.equal(200);
      return Number(answer.headers.get('upload-offset'));
    },
  };
}

/** Sends the head of a PATCH and some of its body, then hangs up. */
export async function cutPatch(
  address: string,
  person: Person,
  length: number,
  bytes: Uint8Array,
  checksum?: string,
): Promise<void> {
  const { hostname, port, pathname } = new URL(address);
  const socket = createConnection(Number(port), hostname);
  const lines = [
    `PATCH ${pathname} HTTP/1.1`,
    `Host: ${hostname}`,
    `Authorization: Bearer ${person.token}`,
    'Tus-Resumable: 1.0.0',
    'Content-Type: application/offset+octet-stream',
    'Upload-Offset: 0',
    `Content-Length: ${length}`,
    ...(checksum ? [`Upload-Checksum: ${checksum}`] : []),
    '',
    '',
  ];
  socket.write(lines.join('\r\n'));
  await new Promise((resolve) => socket.write(bytes, resolve));
  socket.destroy();
}
