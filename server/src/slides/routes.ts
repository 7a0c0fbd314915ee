import { once } from 'node:events';
import { objectId } from '@relecture/shared/http/page.js';
import { compareLabelBody, focusMap, slideLabel } from '@relecture/shared/slides/checks.js';
import { slide, slideUsage, updateSlideBody } from '@relecture/shared/slides/schema.js';
import type { Response } from 'express';
import { z } from 'zod';
import { mayAddMaterial, seeCaseFor } from '../cases/index.js';
import { type Api, only, signedIn } from '../platform/endpoint.js';
import { ProblemError } from '../platform/problem.js';
import { addSlide, dropReceived } from './add-slide.js';
import { registerFormats } from './format-routes.js';
import { createSlideTileHandler, credentialsOf, DEFAULT_THUMBNAIL, sendImage } from './image-handler.js';
import { readLabel, readThumbnail } from './images.js';
import { compareByHand, readLabelCheck } from './label-check.js';
import { presentSlide } from './present.js';
import { receivedFileOf, receiveSlideFile } from './receive-multipart.js';
import { slideLabels } from './routes-input.js';
import { describeSlide, listSlides, readFocus, readSlide, removeSlide } from './service.js';
import { registerSlideStorage } from './storage-routes.js';
import { describeUploads } from './upload-description.js';
import { listUsage } from './usage.js';

const tag = 'Slides';
const caseParams = z.object({ caseId: objectId });
const slideParams = z.object({ slideId: objectId });
const sender = only('submitter', 'preparer');
const image = 'image/jpeg';

export function registerSlideRoutes(api: Api): void {
  api.post(
    '/api/cases/:caseId/slides',
    {
      summary: 'Add a slide to a case in one request (resumable uploads: tus 1.0 at /api/uploads)',
      tag,
      problems: ['FILE_MISSING', 'SLIDE_REFUSED', 'STORAGE_FULL', 'STORAGE_QUOTA_REACHED', 'INVALID_INPUT'],
      access: sender,
      params: caseParams,
      before: receiveSlideFile,
      consumes: {
        mediaType: 'multipart/form-data',
        schema: {
          type: 'object',
          required: ['slide'],
          properties: {
            slide: { type: 'string', format: 'binary', description: 'SVS, (Big)TIFF, JPEG or PNG' },
            stain: { type: 'string', maxLength: 60 },
            block: { type: 'string', maxLength: 60 },
          },
        },
        example: { slide: '(file)', stain: 'HES', block: 'A1' },
      },
      answer: slide,
      status: 201,
    },
    async ({ params, request, principal, language }) => {
      const file = receivedFileOf(request);
      return await dropReceived(file, async () => {
        const labels = parseLabels(request.body);
        const caseRecord = await seeCaseFor(params.caseId, principal, mayAddMaterial);
        return presentSlide(await addSlide(caseRecord, file, labels, principal, language));
      });
    },
  );

  api.get(
    '/api/cases/:caseId/slides',
    {
      summary: 'Slides of a case',
      tag,
      access: signedIn,
      params: caseParams,
      answer: z.object({ items: z.array(slide) }),
    },
    async ({ params, principal }) => ({
      items: (await listSlides(params.caseId, principal)).map(presentSlide),
    }),
  );

  api.get(
    '/api/slides/:slideId',
    {
      summary: 'A slide: state, size, scale, levels',
      tag,
      access: signedIn,
      params: slideParams,
      answer: slide,
    },
    async ({ params, principal }) => presentSlide(await readSlide(params.slideId, principal)),
  );

  api.patch(
    '/api/slides/:slideId',
    {
      summary: 'Stain, block, or a calibration typed by hand',
      tag,
      problems: ['CONFLICT', 'STATUS_CONFLICT'],
      access: sender,
      params: slideParams,
      body: updateSlideBody,
      example: { stain: 'HES', block: 'A1' },
      answer: slide,
    },
    async ({ params, body, principal }) => presentSlide(await describeSlide(params.slideId, body, principal)),
  );

  api.delete(
    '/api/slides/:slideId',
    {
      summary: 'Remove a slide of a draft, a refused one, or one still arriving',
      tag,
      problems: ['CASE_NOT_EDITABLE', 'STATUS_CONFLICT'],
      access: sender,
      params: slideParams,
    },
    async ({ params, principal }) => await removeSlide(params.slideId, principal),
  );

  api.get(
    '/api/admin/slide-usage',
    {
      summary: 'How many bytes of slides each organisation keeps',
      tag,
      access: only('admin'),
      answer: z.object({ items: z.array(slideUsage) }),
    },
    async () => ({ items: await listUsage() }),
  );

  registerChecks(api);
  registerFormats(api);
  registerSlideStorage(api);
  registerImages(api);
  describeUploads(api.registry);
}

function registerChecks(api: Api): void {
  api.get(
    '/api/slides/:slideId/focus',
    {
      summary: 'Where the slide is sharp: a grid over the whole of it',
      tag,
      problems: ['SLIDE_NOT_READY'],
      access: signedIn,
      params: slideParams,
      answer: focusMap,
    },
    async ({ params, principal }) => await readFocus(params.slideId, principal),
  );

  api.get(
    '/api/slides/:slideId/label-check',
    {
      summary: 'What the label of the glass says; for those who may see the patient’s identity',
      tag,
      access: signedIn,
      params: slideParams,
      answer: slideLabel,
    },
    async ({ params, principal }) => await readLabelCheck(params.slideId, principal),
  );

  api.post(
    '/api/slides/:slideId/label-check',
    {
      summary: 'The label as a person reads it, or that it was compared by eye',
      tag,
      problems: ['CONFLICT', 'STATUS_CONFLICT'],
      access: sender,
      params: slideParams,
      body: compareLabelBody,
      example: { says: '26H01234-A1' },
      answer: slideLabel,
    },
    async ({ params, body, principal }) => await compareByHand(params.slideId, body, principal),
  );
}

/** Called with a Bearer token; with the slide cookie they are answered in front of express (image-handler.ts). */
function registerImages(api: Api): void {
  const tiles = createSlideTileHandler();
  api.get(
    '/api/slides/:slideId/tiles/:level/:column/:row',
    {
      summary: 'A tile as a JPEG; level 0 is full resolution',
      tag,
      problems: ['SLIDE_NOT_READY', 'SLIDE_TILE_NOT_FOUND', 'SLIDE_TILE_UNREADABLE'],
      access: signedIn,
      params: slideParams.extend({ level: z.string(), column: z.string(), row: z.string() }),
      produces: image,
    },
    async ({ request, response }) => {
      request.url = request.originalUrl;
      await answered(response, () => tiles(request, response));
    },
  );

  api.get(
    '/api/slides/:slideId/thumbnail',
    {
      summary: 'The whole slide in one small JPEG',
      tag,
      problems: ['SLIDE_NOT_READY'],
      access: signedIn,
      params: slideParams,
      query: z.object({ size: z.coerce.number().int().min(1).max(1024).default(DEFAULT_THUMBNAIL) }),
      produces: image,
    },
    async ({ params, query, request, response }) =>
      sendImage(request, response, await readThumbnail(params.slideId, query.size, credentialsOf(request))),
  );

  for (const name of ['label', 'macro'] as const) {
    api.get(
      `/api/slides/:slideId/${name}`,
      {
        summary:
          name === 'label'
            ? 'Photograph of the label; for those who may see the patient’s identity'
            : 'Photograph of the glass; for those who may see the patient’s identity',
        tag,
        access: signedIn,
        params: slideParams,
        produces: image,
      },
      async ({ params, request, response, principal }) =>
        sendImage(request, response, await readLabel(params.slideId, name, principal)),
    );
  }
}

/** The tile handler answers by itself and later: the endpoint ends when the answer has left. */
async function answered(response: Response, handle: () => boolean): Promise<void> {
  const closed = once(response, 'close');
  if (!handle()) throw new ProblemError('NOT_FOUND');
  await closed;
}

function parseLabels(body: unknown): z.output<typeof slideLabels> {
  const parsed = slideLabels.safeParse({ ...(body as object) });
  if (parsed.success) return parsed.data;
  throw new ProblemError('INVALID_INPUT', {
    fields: parsed.error.issues.map((issue) => ({
      path: issue.path.join('.'),
      code: issue.code,
      message: issue.code,
    })),
  });
}
