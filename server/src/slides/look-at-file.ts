import { desk } from './desk.js';
import type { DicomFacts } from './formats/dicom/facts.js';
import type { IdentifiedFile } from './formats/slide.js';

/** What a file is, and whose it may be, before it is anybody's slide; read where everything is that senders made. */

/** @throws {SlideRefusal} no slide, or one that cannot be read */
export const identifySlideFile = (path: string): Promise<IdentifiedFile> =>
  desk().decoders.run('identify', path);

/** null: no DICOM file. @throws {SlideRefusal} when its header is damaged */
export const readDicomFacts = (path: string): Promise<DicomFacts | null> =>
  desk().decoders.run('dicomFacts', path);

export const readBarcodes = (path: string): Promise<string[]> => desk().decoders.run('barcodes', path);
