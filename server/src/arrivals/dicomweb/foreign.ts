import { Readable } from 'node:stream';
import type { ReadableStream } from 'node:stream/web';
import type { FoundSeries } from '@relecture/shared/arrivals/schema.js';
import { ProblemError } from '../../platform/problem.js';
import type { SourceRecord } from '../model.js';
import { textOf } from './dataset.js';
import { boundaryOf, readParts } from './multipart.js';

/** The organisation's own DICOMweb server, as an administrator set it: QIDO-RS and WADO-RS (PS3.18). */
const ANSWER_MS = 30_000;
/** Nothing comes for so long: the connection is dead. A slide may take hours. */
const MOST_JSON_BYTES = 8 * 1024 * 1024;
const MOST_STUDIES = 10;
const PAGE = 500;
const MOST_INSTANCES = 1000;

export type Pacs = SourceRecord['pacs'];

/**
 * Only the address that was set: every request begins with it, no answer leads elsewhere (redirects are refused), so
 * that nothing a sender types, nor what that server answers, makes ours ask another machine.
 */
async function ask(
  pacs: Pacs,
  path: readonly string[],
  query: Record<string, string>,
  accept: string,
): Promise<Response> {
  const root = new URL(pacs.url.endsWith('/') ? pacs.url : `${pacs.url}/`);
  const url = new URL(path.map(encodeURIComponent).join('/'), root);
  if (url.origin !== root.origin || !url.pathname.startsWith(root.pathname))
    throw new ProblemError('PACS_UNREACHABLE');
  url.search = new URLSearchParams(query).toString();
  const credentials = Buffer.from(`${pacs.user}:${pacs.password}`).toString('base64');
  const patience = new AbortController();
  const timer = setTimeout(() => patience.abort(), ANSWER_MS);
  try {
    const answer = await fetch(url, {
      redirect: 'error',
      signal: patience.signal,
      headers: { Accept: accept, ...(pacs.user === '' ? {} : { Authorization: `Basic ${credentials}` }) },
    });
    if (answer.ok) return answer;
    await answer.body?.cancel();
    throw new ProblemError('PACS_UNREACHABLE', { params: { status: answer.status } });
  } catch (error) {
    if (error instanceof ProblemError) throw error;
    throw new ProblemError('PACS_UNREACHABLE', { cause: error });
  } finally {
    clearTimeout(timer);
  }
}

async function askList(
  pacs: Pacs,
  path: readonly string[],
  query: Record<string, string>,
): Promise<unknown[]> {
  const answer = await ask(pacs, path, query, 'application/dicom+json');
  // 204: nothing matches.
  if (answer.status === 204 || !answer.body) return [];
  const pieces: Buffer[] = [];
  let bytes = 0;
  for await (const piece of Readable.fromWeb(answer.body as ReadableStream) as AsyncIterable<Buffer>) {
    bytes += piece.length;
    if (bytes > MOST_JSON_BYTES) throw new ProblemError('PACS_UNREACHABLE');
    pieces.push(piece);
  }
  try {
    const list: unknown = JSON.parse(Buffer.concat(pieces).toString('utf8') || '[]');
    if (Array.isArray(list)) return list;
  } catch (error) {
    throw new ProblemError('PACS_UNREACHABLE', { cause: error });
  }
  throw new ProblemError('PACS_UNREACHABLE');
}

/** Series of slides of the studies with this accession number. */
export async function searchPacs(pacs: Pacs, accession: string): Promise<FoundSeries[]> {
  const studies = await askList(pacs, ['studies'], {
    AccessionNumber: accession,
    limit: String(MOST_STUDIES),
  });
  const found: FoundSeries[] = [];
  for (const study of studies.slice(0, MOST_STUDIES)) {
    const uid = textOf(study, 'StudyInstanceUID');
    if (uid === '') continue;
    for (const series of await askList(pacs, ['studies', uid, 'series'], { Modality: 'SM' })) {
      const modality = textOf(series, 'Modality');
      if (modality !== '' && modality !== 'SM') continue;
      const instances = Number(textOf(series, 'NumberOfSeriesRelatedInstances'));
      found.push({
        study: uid,
        series: textOf(series, 'SeriesInstanceUID'),
        description: textOf(series, 'SeriesDescription'),
        date: textOf(series, 'SeriesDate') || textOf(study, 'StudyDate'),
        instances: Number.isInteger(instances) && instances > 0 ? instances : null,
      });
    }
  }
  return found.filter(({ series }) => series !== '');
}

export async function instancesOf(pacs: Pacs, study: string, series: string): Promise<string[]> {
  const found = new Set<string>();
  for (let offset = 0; offset < MOST_INSTANCES; offset += PAGE) {
    const page = await askList(pacs, ['studies', study, 'series', series, 'instances'], {
      limit: String(PAGE),
      offset: String(offset),
    });
    const before = found.size;
    for (const instance of page) found.add(textOf(instance, 'SOPInstanceUID'));
    // Fewer than asked for, or a server that does not page.
    if (page.length < PAGE || found.size === before) break;
  }
  found.delete('');
  return [...found];
}

/** One instance, streamed to `take`. */
export async function retrieveInstance(
  pacs: Pacs,
  [study, series, instance]: readonly [string, string, string],
  take: (body: Readable) => Promise<void>,
): Promise<void> {
  const answer = await ask(
    pacs,
    ['studies', study, 'series', series, 'instances', instance],
    {},
    'multipart/related; type="application/dicom"; transfer-syntax=*',
  );
  const type = answer.headers.get('content-type');
  if (!answer.body) throw new ProblemError('PACS_UNREACHABLE');
  const body = Readable.fromWeb(answer.body as ReadableStream);
  const boundary = boundaryOf(type);
  if (boundary) await readParts(body, boundary, 2, (part) => take(part.body));
  else if (/^application\/dicom\b/i.test(type ?? '')) await take(body);
  else {
    body.destroy();
    throw new ProblemError('PACS_UNREACHABLE');
  }
}
