import type { Language } from '@relecture/shared/http/page.js';
import { z } from 'zod';
import { request } from './http';

export type IcdoKind = 'topography' | 'morphology';

const icdoEntry = z.object({
  code: z.string(),
  label: z.string(),
  /** The word that was searched for, when it is not the preferred one. */
  synonym: z.string().nullish(),
});
export type IcdoEntry = z.infer<typeof icdoEntry>;

export const searchIcdo3 = (kind: IcdoKind, q: string, lang: Language, signal?: AbortSignal) =>
  request('GET', '/api/icdo3', {
    query: { kind, q, lang },
    answer: z.object({ items: z.array(icdoEntry) }),
    signal,
  });
export const readIcdo3 = (code: string, lang: Language) =>
  request('GET', `/api/icdo3/${code.replace('/', '-')}`, { query: { lang }, answer: icdoEntry });
