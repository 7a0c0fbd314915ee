import { formatsAnswer, readableFormats } from '@relecture/shared/slides/formats.js';
import { type Api, only, signedIn } from '../platform/endpoint.js';
import { listFormats } from './formats/readable-formats.js';

const tag = 'Slides';

export function registerFormats(api: Api): void {
  api.get(
    '/api/admin/formats',
    {
      summary: 'Which slide formats this machine reads, by what, and what to install for the others',
      tag,
      access: only('admin'),
      answer: formatsAnswer,
    },
    listFormats,
  );

  api.get(
    '/api/slide-formats',
    {
      summary: 'The formats of slides that may be sent here, by name: files, and those of several files',
      tag,
      access: signedIn,
      answer: readableFormats,
    },
    async () => {
      const readable = (await listFormats()).items.filter((each) => each.readable);
      const names = (several: boolean) =>
        readable.filter(({ severalFiles }) => severalFiles === several).map(({ name }) => name);
      return { files: names(false), folders: names(true) };
    },
  );
}
