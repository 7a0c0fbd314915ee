import { slideStorageReport } from '@relecture/shared/slides/integrity.js';
import { z } from 'zod';
import { recordAccess } from '../platform/access-log.js';
import { type Api, only } from '../platform/endpoint.js';
import { desk } from './desk.js';
import { nightlyShare, reportStorage } from './integrity.js';
import { compareShare } from './place-jobs.js';

const tag = 'Slides';
const access = only('admin');

export function registerSlideStorage(api: Api): void {
  api.get(
    '/api/admin/slide-storage',
    {
      summary: 'How slides lie at rest, and whether they are still what was stored',
      tag,
      access,
      answer: slideStorageReport,
    },
    reportStorage,
  );

  api.post(
    '/api/admin/slide-storage/verify',
    {
      summary: 'Compare a night’s share of the stored slides now, in the background',
      tag,
      access,
      answer: z.object({ slides: z.number().int() }),
      status: 202,
    },
    async ({ principal }) => {
      const slides = await nightlyShare();
      await recordAccess({
        actorId: principal.id,
        action: 'slides.compared',
        recordKind: 'slides',
        recordId: 'slides',
        params: { slides },
      });
      compareShare(slides).catch((error: Error) =>
        desk().log.error({ error: error.name }, 'stored slides could not be compared'),
      );
      return { slides };
    },
  );
}
