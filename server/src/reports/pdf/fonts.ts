import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

/**
 * Source Sans 3, embedded: PDF's own Helvetica has no κ, λ, ≥ or → and would print other letters in their place, which
 * a report must never do.
 */
const FACES = {
  regular: '@expo-google-fonts/source-sans-3/400Regular/SourceSans3_400Regular.ttf',
  strong: '@expo-google-fonts/source-sans-3/600SemiBold/SourceSans3_600SemiBold.ttf',
  italic: '@expo-google-fonts/source-sans-3/400Regular_Italic/SourceSans3_400Regular_Italic.ttf',
};
export type Face = keyof typeof FACES;
export const faces = Object.keys(FACES) as Face[];

const { resolve } = createRequire(import.meta.url);
const read = new Map<Face, Buffer>();

/** Read once, at the first report. */
export function fontOf(face: Face): Buffer {
  const bytes = read.get(face) ?? readFileSync(resolve(FACES[face]));
  read.set(face, bytes);
  return bytes;
}
