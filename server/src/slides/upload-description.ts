import type { OpenAPIRegistry } from '@asteasolutions/zod-to-openapi';
import type { ProblemCode } from '@relecture/shared/http/errors.js';
import { z } from 'zod';
import { problemResponses } from '../platform/problem-codes.js';

const COMMON: ProblemCode[] = [
  'NOT_SIGNED_IN',
  'SESSION_EXPIRED',
  'NOT_FOUND',
  'MALFORMED_BODY',
  'UPLOAD_PROTOCOL',
  'UNEXPECTED',
];
/** Beside what any call of the protocol may answer. */
const problems = (...codes: ProblemCode[]) => problemResponses([...COMMON, ...codes]);
const VERSION = { 'Tus-Resumable': z.literal('1.0.0') };
const uploadId = z.object({ uploadId: z.string() });

/** The tus library answers these, not an endpoint of ours: who reads the document finds them all the same. */
export function describeUploads(registry: OpenAPIRegistry): void {
  const common = {
    tags: ['Slides'],
    security: [{ bearer: [] }],
    'x-policy': 'signed-in',
    'x-roles': [],
  };
  registry.registerPath({
    ...common,
    method: 'post',
    path: '/api/uploads',
    summary:
      'Begin a resumable upload (tus 1.0). Upload-Metadata: caseId, stain, block in base64. Answers Location and Slide-Id',
    request: {
      headers: z.object({
        ...VERSION,
        'Upload-Length': z.string().meta({ example: '1938955' }),
        'Upload-Metadata': z
          .string()
          .meta({ example: 'caseId NjYwMDAwMDAwMDAwMDAwMDAwMDAwMDAw,stain SEVT,block QTE=' }),
      }),
    },
    responses: {
      201: { description: 'Begun' },
      ...problems('FORBIDDEN', 'INVALID_INPUT', 'FILE_TOO_LARGE', 'STORAGE_FULL', 'STORAGE_QUOTA_REACHED'),
    },
  });
  registry.registerPath({
    ...common,
    method: 'head',
    path: '/api/uploads/{uploadId}',
    summary: 'How far an upload has come: Upload-Offset of Upload-Length; Slide-Id',
    request: { params: uploadId, headers: z.object(VERSION) },
    responses: { 200: { description: 'Upload-Offset is where to go on' }, ...problems('UPLOAD_GONE') },
  });
  registry.registerPath({
    ...common,
    method: 'patch',
    path: '/api/uploads/{uploadId}',
    summary: 'Send the next piece, from the offset that HEAD answers; Upload-Checksum: sha256 or sha1',
    request: {
      params: uploadId,
      headers: z.object({
        ...VERSION,
        'Upload-Offset': z.string().meta({ example: '0' }),
        'Upload-Checksum': z.string().optional(),
      }),
      body: {
        content: { 'application/offset+octet-stream': { schema: { type: 'string', format: 'binary' } } },
      },
    },
    responses: {
      204: { description: 'Received; Upload-Offset says how far' },
      ...problems('FORBIDDEN', 'UPLOAD_OFFSET_CONFLICT', 'UPLOAD_GONE', 'CHECKSUM_MISMATCH', 'STORAGE_FULL'),
    },
  });
  registry.registerPath({
    ...common,
    method: 'delete',
    path: '/api/uploads/{uploadId}',
    summary: 'Give an upload up: nothing of it is kept',
    request: { params: uploadId, headers: z.object(VERSION) },
    responses: { 204: { description: 'Gone' }, ...problems('UPLOAD_GONE') },
  });
}
