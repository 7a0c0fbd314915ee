import { type CompareLabelBody, focusMap, slideLabel } from '@relecture/shared/slides/checks.js';
import { formatsAnswer, readableFormats } from '@relecture/shared/slides/formats.js';
import { slideStorageReport } from '@relecture/shared/slides/integrity.js';
import { slide, type updateSlideBody } from '@relecture/shared/slides/schema.js';
import { z } from 'zod';
import { request } from './http';

export const updateSlide = (slideId: string, body: z.input<typeof updateSlideBody>) =>
  request('PATCH', `/api/slides/${slideId}`, { body, answer: slide });
export const removeSlide = (slideId: string) => request('DELETE', `/api/slides/${slideId}`);

export const readFocus = (slideId: string) =>
  request('GET', `/api/slides/${slideId}/focus`, { answer: focusMap });
export const readLabelCheck = (slideId: string) =>
  request('GET', `/api/slides/${slideId}/label-check`, { answer: slideLabel });
export const compareLabel = (slideId: string, body: CompareLabelBody) =>
  request('POST', `/api/slides/${slideId}/label-check`, { body, answer: slideLabel });

export const listFormats = () => request('GET', '/api/admin/formats', { answer: formatsAnswer });
export const readSlideStorage = () =>
  request('GET', '/api/admin/slide-storage', { answer: slideStorageReport });
export const verifySlides = () =>
  request('POST', '/api/admin/slide-storage/verify', { answer: z.object({ slides: z.number() }) });
export const listReadableFormats = () => request('GET', '/api/slide-formats', { answer: readableFormats });

/** Images are fetched by the browser itself, with the slide cookie. */
export const thumbnailAddress = (slideId: string, size = 256) =>
  `/api/slides/${slideId}/thumbnail?size=${size}`;
export const labelAddress = (slideId: string) => `/api/slides/${slideId}/label`;
export const macroAddress = (slideId: string) => `/api/slides/${slideId}/macro`;
export const tileAddress = (slideId: string, level: number, column: number, row: number) =>
  `/api/slides/${slideId}/tiles/${level}/${column}/${row}`;
