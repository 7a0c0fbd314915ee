import { z } from 'zod';

/** Who decodes a format: Relecture itself, the libraries it brings, or OpenSlide where the machine has it. */
export const formatReader = z.enum(['relecture', 'openjpeg', 'sharp', 'openslide', 'none']);
export type FormatReader = z.infer<typeof formatReader>;

export const slideFormatFact = z.object({
  format: z.string(),
  /** As its makers write it: the same in every language. */
  name: z.string(),
  /** Endings people know it by; files are told apart by content. */
  endings: z.string(),
  /** In several files: sent as a folder, or as a zip. */
  severalFiles: z.boolean(),
  /** `stored`: tiles are sent as they lie in the file. `converted`: in the background, before it can be read. */
  reading: z.enum(['stored', 'converted', 'none']),
  reader: formatReader,
  readable: z.boolean(),
  /** Debian's package that makes it readable; null: readable already, or by none. */
  install: z.string().nullable(),
});
export type SlideFormatFact = z.infer<typeof slideFormatFact>;

export const readerFact = z.object({
  reader: formatReader,
  present: z.boolean(),
  /** "sharp 0.34.5, libvips 8.17.3"; null when it is not there, or does not say. */
  version: z.string().nullable(),
});

/** Which formats this machine reads, by whom, and what to install for the others. */
export const formatsAnswer = z.object({ items: z.array(slideFormatFact), readers: z.array(readerFact) });
export type FormatsAnswer = z.infer<typeof formatsAnswer>;

/** What the drop zone says: the names of what may be sent here. */
export const readableFormats = z.object({ files: z.array(z.string()), folders: z.array(z.string()) });
