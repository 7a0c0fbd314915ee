import { objectId } from '@relecture/shared/http/page.js';
import { SLIDE_LIMITS } from '@relecture/shared/slides/schema.js';
import { Server, type Upload } from '@tus/server';
import type { Request, RequestHandler } from 'express';
import type { z } from 'zod';
import { mayAddMaterial, seeCaseFor } from '../cases/index.js';
import type { Principal } from '../platform/principal.js';
import { languageOf, ProblemError } from '../platform/problem.js';
import { principalFromAuthorization } from '../users/index.js';
import { desk } from './desk.js';
import { scheduleIngest } from './ingest-jobs.js';
import { mayContinueUpload } from './policy.js';
import { admitSlide, beginReceiving, finishIfWhole, finishReceiving } from './receive.js';
import { slideLabels } from './routes-input.js';
import { CHECKSUM_ALGORITHMS, checksumOf, uploadContext, withUploadContext } from './upload-context.js';
import { asUploadProblem, problemBody, problemOfStatus } from './upload-problems.js';
import { slideOfUpload, UploadStore } from './upload-store.js';

const PATH = '/api/uploads';
const METHODS = ['POST', 'HEAD', 'PATCH', 'DELETE', 'OPTIONS'];

const metadataSchema = slideLabels.extend({ caseId: objectId });

/**
 * Resumable uploads, tus 1.0 (https://tus.io/protocols/resumable-upload), under /api/uploads and before any body
 * parser; passes everything else on. Every request carries its Bearer token; who did not begin an upload does not learn that it exists.
 */
export function createUploadHandler(): RequestHandler {
  const store = new UploadStore();
  const server = createServer(store);
  return async (request, response, next) => {
    if (request.path !== PATH && !request.path.startsWith(`${PATH}/`)) {
      next();
      return;
    }
    const principal = await principalFromAuthorization(request.headers.authorization);
    if (!METHODS.includes(request.method)) throw new ProblemError('METHOD_NOT_ALLOWED');
    const context = {
      principal,
      language: languageOf(request),
      requestId: String(request.id ?? ''),
      checksum: checksumOf(request),
      response,
    };
    if (request.method === 'OPTIONS') {
      response.setHeader('Tus-Checksum-Algorithm', CHECKSUM_ALGORITHMS.join(','));
    } else if (request.method !== 'POST') {
      await continueUpload(request, principal, (slideId) => response.setHeader('Slide-Id', slideId));
    }
    await withUploadContext(context, () => server.handle(request, response));
  };
}

/** The last part of the address names the upload. */
async function continueUpload(
  request: Request,
  principal: Principal,
  tell: (slideId: string) => void,
): Promise<void> {
  const uploadId = /\/([0-9a-f]{32})\/?(?:\?.*)?$/.exec(request.originalUrl)?.[1];
  if (!uploadId) throw new ProblemError('NOT_FOUND');
  const slide = await slideOfUpload(uploadId);
  if (!mayContinueUpload(slide, principal)) throw new ProblemError('NOT_FOUND');
  if (request.method === 'PATCH') {
    await seeCaseFor(slide.caseId, principal, mayAddMaterial);
    // Ready by the last byte: starting a process takes longer than reading most slides.
    desk().decoders.warm();
  }
  if (request.method === 'HEAD' && slide.status === 'receiving') {
    const finished = await finishIfWhole(slide);
    if (finished.status === 'received') await scheduleIngest(finished);
  }
  tell(String(slide._id));
}

function createServer(store: UploadStore): Server {
  return new ProblemServer({
    path: PATH,
    datastore: store,
    relativeLocation: true,
    maxSize: SLIDE_LIMITS.fileBytes,
    disableTerminationForFinishedUploads: true,
    // Same origin only: no other page has business here.
    allowedOrigins: () => false,
    namingFunction: () => desk().storage.newKey(),
    async onUploadCreate(_request, upload) {
      const { principal, response } = uploadContext();
      const { caseId, stain, block } = readMetadata(upload);
      const bytes = upload.size ?? 0;
      const caseRecord = await admitSlide(caseId, bytes, principal);
      const slide = await beginReceiving(caseRecord, principal, {
        storageKey: upload.id,
        bytes,
        stain,
        block,
      });
      response.setHeader('Slide-Id', String(slide._id));
      return {};
    },
    async onUploadFinish(_request, upload) {
      const slide = await slideOfUpload(upload.id);
      const received = await finishReceiving(slide, await store.takeHash(slide), uploadContext().principal);
      await scheduleIngest(received);
      return {};
    },
    onResponseError(_request, error) {
      const problem = asUploadProblem(error);
      const { language, requestId } = uploadContext();
      if (problem.status >= 500) logProblem(problem, requestId);
      return { status_code: problem.status, body: problemBody(problem, language, requestId) };
    },
  });
}

/** Every error the library answers by itself leaves as problem+json too. */
class ProblemServer extends Server {
  override async write(...[context, headers, status, body = '']: Parameters<Server['write']>) {
    if (status < 400) return await super.write(context, headers, status, body);
    const isProblem = body.startsWith('{');
    const problem = problemOfStatus(status);
    const { language, requestId } = uploadContext();
    headers.set('Content-Type', 'application/problem+json');
    return await super.write(
      context,
      headers,
      isProblem ? status : problem.status,
      isProblem ? body : problemBody(problem, language, requestId),
    );
  }
}

function readMetadata(upload: Upload): z.output<typeof metadataSchema> {
  const parsed = metadataSchema.safeParse(upload.metadata ?? {});
  if (parsed.success) return parsed.data;
  throw new ProblemError('INVALID_INPUT', {
    fields: parsed.error.issues.map((issue) => ({
      path: ['Upload-Metadata', ...issue.path.map(String)].join('.'),
      code: issue.code,
      message: issue.code,
    })),
  });
}

function logProblem(problem: ProblemError, requestId: string): void {
  const { name, code } = (problem.cause ?? problem) as { name?: string; code?: unknown };
  desk().log.error(
    { requestId, code: problem.code, error: name, cause: String(code ?? '') },
    'upload failed',
  );
}
