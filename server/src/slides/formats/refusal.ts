import type {
  SlideRefusalCode,
  SlideRefusalFacts,
  SlideRefusalParams,
} from '@relecture/shared/slides/refusals.js';

/** A file that cannot be a slide. `detail` is for logs only and never quotes the file's own text. */
export class SlideRefusal extends Error implements SlideRefusalFacts {
  readonly code: SlideRefusalCode;
  readonly params: SlideRefusalParams;

  constructor(code: SlideRefusalCode, params: SlideRefusalParams = {}, detail = '') {
    super(detail === '' ? code : `${code}: ${detail}`);
    this.name = 'SlideRefusal';
    this.code = code;
    this.params = params;
  }
}

export const corrupt = (detail: string) => new SlideRefusal('SLIDE_CORRUPT', {}, detail);
export const truncated = (detail: string) => new SlideRefusal('SLIDE_TRUNCATED', {}, detail);
