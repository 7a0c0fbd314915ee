import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface ForeignServer {
  readonly url: string;
  readonly asked: string[];
  /** Cuts the next answer with an instance half way. */
  cutNext(): void;
  stop(): Promise<void>;
}

export interface ForeignSeries {
  readonly study: string;
  readonly series: string;
  readonly accession: string;
  readonly instances: readonly Buffer[];
}

const set = (values: Record<string, [vr: string, value: unknown]>) =>
  Object.fromEntries(Object.entries(values).map(([tag, [vr, value]]) => [tag, { vr, Value: [value] }]));

/** A DICOMweb server of the test's own, as PS3.18 describes QIDO-RS and WADO-RS; it lets in whoever knows the password. */
export async function startForeignServer(
  { study, series, accession, instances }: ForeignSeries,
  password: string,
): Promise<ForeignServer> {
  const asked: string[] = [];
  let cut = false;
  const credentials = `Basic ${Buffer.from(`relecture:${password}`).toString('base64')}`;
  const http: Server = createServer((request, response) => {
    const url = new URL(request.url ?? '', 'http://localhost');
    asked.push(`${url.pathname}${url.search}`);
    const json = (body: unknown) => {
      response.setHeader('Content-Type', 'application/dicom+json');
      response.end(JSON.stringify(body));
    };
    const root = `/dicom-web/studies/${study}/series/${series}/instances`;
    const number = Number(url.pathname.slice(`${root}/${series}.`.length));
    const bytes = url.pathname.startsWith(`${root}/`) ? instances[number - 1] : undefined;
    if (request.headers.authorization !== credentials) {
      response.writeHead(401).end();
    } else if (url.pathname === '/dicom-web/studies') {
      const found = url.searchParams.get('AccessionNumber') === accession;
      if (accession === 'ELSEWHERE' && found)
        response.writeHead(302, { Location: 'http://127.0.0.1:1/' }).end();
      else if (found) json([set({ '0020000D': ['UI', study], '00080020': ['DA', '20261102'] })]);
      else response.writeHead(204).end();
    } else if (url.pathname === `/dicom-web/studies/${study}/series`) {
      json([
        set({
          '0020000E': ['UI', series],
          '00080060': ['CS', 'SM'],
          '0008103E': ['LO', 'Lame A1 HES'],
          '00201209': ['IS', 2],
        }),
        set({ '0020000E': ['UI', '1.2.9'], '00080060': ['CS', 'CT'] }),
      ]);
    } else if (url.pathname === root) {
      const offset = Number(url.searchParams.get('offset') ?? 0);
      json(instances.map((_, n) => set({ '00080018': ['UI', `${series}.${n + 1}`] })).slice(offset));
    } else if (bytes) {
      const boundary = 'frontiere-7';
      response.setHeader('Content-Type', `multipart/related; type="application/dicom"; boundary=${boundary}`);
      response.write(`--${boundary}\r\nContent-Type: application/dicom\r\n\r\n`);
      if (cut) {
        cut = false;
        response.write(bytes.subarray(0, bytes.length / 2), () => response.destroy());
        return;
      }
      response.write(bytes);
      response.end(`\r\n--${boundary}--\r\n`);
    } else response.writeHead(404).end();
  });
  http.listen(0, '127.0.0.1');
  await once(http, 'listening');
  return {
    url: `http://127.0.0.1:${(http.address() as AddressInfo).port}/dicom-web`,
    asked,
    cutNext() {
      cut = true;
    },
    async stop() {
      http.closeAllConnections();
      await new Promise((resolve) => http.close(resolve));
    },
  };
}
