import { writeFile } from 'node:fs/promises';
import type { AssociatedImageName, Slide } from './slide.js';

/**
 * Saves label and macro apart from the slide, before `scrubSlide` takes them out of it: they are the only
 * proof of whose glass this is, and only those who treat or check the identity may see them.
 */
export async function extractAssociated(
  slide: Slide,
  fileFor: (name: AssociatedImageName) => string,
): Promise<AssociatedImageName[]> {
  const saved: AssociatedImageName[] = [];
  for (const name of slide.associated) {
    if (name === 'thumbnail') continue;
    await writeFile(fileFor(name), await slide.readAssociated(name), { mode: 0o600 });
    saved.push(name);
  }
  return saved;
}
