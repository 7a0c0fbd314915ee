import type { SlideRefusalCode } from '@relecture/shared/slides/refusals.js';

/**
 * What can be told before a byte travels: an empty file, a PDF taken for a slide, one file of a slide of many. Everything else is the server's
 * to judge, with the same words.
 */
export async function refuseEarly(
  file: File,
): Promise<{ code: SlideRefusalCode; params: Record<string, string | number> } | null> {
  if (file.size === 0) return { code: 'SLIDE_EMPTY_FILE', params: {} };
  // Its other files were not beside it, or it would be an archive now; alone it is a photograph of the glass.
  if (/\.(mrxs|vms)$/i.test(file.name)) return { code: 'SLIDE_PARTS_MISSING', params: {} };
  const head = new TextDecoder('latin1').decode(await file.slice(0, 8).arrayBuffer());
  return head.startsWith('%PDF') ? { code: 'SLIDE_NOT_A_SLIDE', params: { kind: 'pdf' } } : null;
}

export const isPdfRefusal = (facts: { code: string; params: Record<string, string | number> } | null) =>
  facts?.code === 'SLIDE_NOT_A_SLIDE' && facts.params.kind === 'pdf';
