import {
  annotation,
  annotationHistory,
  annotationList,
  type SaveAnnotationBody,
} from '@relecture/shared/annotations/schema.js';
import { request } from './http';

const all = (slideId: string) => `/api/slides/${slideId}/annotations`;

export const listAnnotations = (slideId: string, reviewId?: string) =>
  request('GET', all(slideId), { query: { reviewId }, answer: annotationList });
export const saveAnnotation = (slideId: string, annotationId: string, body: SaveAnnotationBody) =>
  request('PUT', `${all(slideId)}/${annotationId}`, { body, answer: annotation });
export const deleteAnnotation = (slideId: string, annotationId: string, baseVersion: number) =>
  request('DELETE', `${all(slideId)}/${annotationId}?baseVersion=${baseVersion}`);
export const readAnnotationHistory = (slideId: string, annotationId: string) =>
  request('GET', `${all(slideId)}/${annotationId}/history`, { answer: annotationHistory });
