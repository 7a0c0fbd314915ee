import { SLIDE_LIMITS } from '@relecture/shared/slides/schema.js';
import type { Request } from 'express';
import type { Types } from 'mongoose';
import { recordAccess } from '../../platform/access-log.js';
import { ProblemError } from '../../platform/problem.js';
import { hasRoomFor } from '../../slides/index.js';
import type { TokenRecord } from '../model.js';
import { TooLarge } from '../staging.js';
import { type DataSetJson, toDataSet } from './dataset.js';
import { boundaryOf, isOfDicom, readParts, TooManyParts } from './multipart.js';
import { FAILURE, type Received, receiveInstance } from './series.js';

const MOST_PARTS = 1000;
/** Several slides in one request; each part has the limit of a slide of its own. */
const MOST_BYTES = 4 * SLIDE_LIMITS.fileBytes;

export interface Stored {
  readonly status: 200 | 202 | 409;
  readonly body: DataSetJson;
}

/** STOW-RS (PS3.18 10.5): takes instances from a machine of the organisation, each part straight to the disk. */
export async function storeInstances(
  request: Request,
  token: TokenRecord,
  study: string | null,
): Promise<Stored> {
  const type = request.headers['content-type'];
  const boundary = boundaryOf(type);
  if (!boundary || !isOfDicom(type ?? '')) throw new ProblemError('FILE_TYPE_REFUSED');
  const announced = Number(request.headers['content-length'] ?? 0);
  if (announced > MOST_BYTES)
    throw new ProblemError('FILE_TOO_LARGE', { params: { limitBytes: MOST_BYTES } });
  if (!(await hasRoomFor(announced))) throw new ProblemError('STORAGE_FULL');
  const received: Received[] = [];
  try {
    await readParts(request, boundary, MOST_PARTS, async (part) => {
      received.push(await receivePart(part.type, part.body, token.organisationId, study));
    });
  } catch (error) {
    if (error instanceof ProblemError) throw error;
    if (error instanceof TooLarge || error instanceof TooManyParts)
      throw new ProblemError('FILE_TOO_LARGE', { cause: error });
    if (isOurs(error)) throw error;
    throw new ProblemError('MALFORMED_BODY', { cause: error });
  }
  if (received.length === 0) throw new ProblemError('MALFORMED_BODY');
  for (const arrivalId of new Set(received.map((each) => String(each.arrivalId ?? '')))) {
    if (arrivalId === '') continue;
    await recordAccess({
      actorId: null,
      action: 'arrival.received',
      recordKind: 'arrival',
      recordId: arrivalId,
    });
  }
  return answerOf(received);
}

async function receivePart(
  type: string,
  body: Parameters<typeof receiveInstance>[0],
  organisationId: Types.ObjectId,
  study: string | null,
): Promise<Received> {
  if (type !== '' && !/^application\/dicom\b/i.test(type)) {
    return { facts: null, failure: FAILURE.notUnderstood, arrivalId: null };
  }
  return await receiveInstance(body, organisationId, study);
}

/** A disk or a store that fails is not the sender's fault. */
const isOurs = (error: unknown): boolean =>
  ['ENOSPC', 'EDQUOT', 'EIO', 'EROFS', 'EACCES', 'EMFILE'].includes(
    String((error as { code?: unknown }).code),
  ) || /^Mongo/.test((error as { name?: string }).name ?? '');

function answerOf(received: readonly Received[]): Stored {
  const item = ({ facts, failure }: Received) =>
    toDataSet({
      ReferencedSOPClassUID: facts?.sopClass ?? '',
      ReferencedSOPInstanceUID: facts?.instance ?? '',
      ...(failure === null ? {} : { FailureReason: failure }),
    });
  const good = received.filter(({ failure }) => failure === null);
  const bad = received.filter(({ failure }) => failure !== null);
  return {
    status: bad.length === 0 ? 200 : good.length > 0 ? 202 : 409,
    body: toDataSet({
      ...(good.length > 0 ? { ReferencedSOPSequence: good.map(item) } : {}),
      ...(bad.length > 0 ? { FailedSOPSequence: bad.map(item) } : {}),
    }),
  };
}
