import {
  annotation,
  annotationHistory,
  annotationList,
  deleteAnnotationQuery,
  listAnnotationsQuery,
  saveAnnotationBody,
} from '@relecture/shared/annotations/schema.js';
import { z } from 'zod';
import { type Api, only, signedIn } from '../platform/endpoint.js';
import { presentAnnotation, presentVersion } from './present.js';
import { deleteAnnotation, listAnnotations, readHistory, saveAnnotation } from './service.js';

const tag = 'Annotations';
const id = z.string().regex(/^[0-9a-f]{24}$/);
const slideParams = z.object({ slideId: id });
const annotationParams = slideParams.extend({ annotationId: z.uuid() });

export function registerAnnotationRoutes(api: Api): void {
  api.get(
    '/api/slides/:slideId/annotations',
    {
      summary: 'Shapes on a slide, of the readings whose opinion you may see',
      tag,
      access: signedIn,
      params: slideParams,
      query: listAnnotationsQuery,
      answer: annotationList,
    },
    async ({ params, query, principal }) => {
      const { items, next } = await listAnnotations(params.slideId, query, principal);
      return { items: items.map(presentAnnotation), next };
    },
  );

  api.put(
    '/api/slides/:slideId/annotations/:annotationId',
    {
      summary: 'Save a shape (level-0 pixels); the same body twice is saved once',
      tag,
      problems: ['REPORT_SIGNED', 'CONFLICT', 'UNAVAILABLE'],
      access: only('reviewer'),
      params: annotationParams,
      body: saveAnnotationBody,
      answer: annotation,
      example: {
        reviewId: '665f1f77bcf86cd799439011',
        baseVersion: 0,
        shape: {
          type: 'rectangle',
          points: [
            [1200, 800],
            [1600, 1100],
          ],
        },
        category: 'region',
        label: 'Plage suspecte',
      },
    },
    async ({ params, body, principal }) => {
      const { reviewId, baseVersion, ...content } = body;
      return presentAnnotation(
        await saveAnnotation(params.slideId, params.annotationId, reviewId, baseVersion, content, principal),
      );
    },
  );

  api.delete(
    '/api/slides/:slideId/annotations/:annotationId',
    {
      summary: 'Mark a shape as deleted; its history stays',
      tag,
      problems: ['REPORT_SIGNED', 'CONFLICT', 'UNAVAILABLE'],
      access: only('reviewer'),
      params: annotationParams,
      query: deleteAnnotationQuery,
    },
    async ({ params, query, principal }) => {
      await deleteAnnotation(params.slideId, params.annotationId, query.baseVersion, principal);
    },
  );

  api.get(
    '/api/slides/:slideId/annotations/:annotationId/history',
    {
      summary: 'Every version of a shape',
      tag,
      access: signedIn,
      params: annotationParams,
      answer: annotationHistory,
    },
    async ({ params, principal }) => ({
      items: (await readHistory(params.slideId, params.annotationId, principal)).map(presentVersion),
    }),
  );
}
