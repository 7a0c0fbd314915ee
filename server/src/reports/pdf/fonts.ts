import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);

/**
 * Source Sans 3, embedded: PDF's own Helvetica has no κ, λ, ≥ or → and would print other letters in their place, which
 * a report must never do.
 */
const FACES = {
  regular: require.resolve('@expo-google-fonts/source-sans-3/400Regular/SourceSans3_400Regular.ttf'),
  strong: require.resolve('@expo-google-fonts/source-sans-3/600SemiBold/SourceSans3_600SemiBold.ttf'),
  italic: require.resolve(
    '@expo-google-fonts/source-sans-3/400Regular_Italic/SourceSans3_400Regular_Italic.ttf',
  ),
};
export type Face = keyof typeof FACES;
export const faces = Object.keys(FACES) as Face[];

const read = new Map<Face, Buffer>();

/** Read once, at the first report. */
export function fontOf(face: Face): Buffer {
  const bytes = read.get(face) ?? readFileSync(FACES[face]);
  read.set(face, bytes);
  return bytes;
}
