import type { DataSet } from 'dicom-parser';
import { bytesOf, FileSource } from '../byte-source.js';
import { readHeader } from './header.js';

/** What a DICOM file says of itself and of its glass, before it is prepared: which series it is of, and whose it may be. */
export interface DicomFacts {
  readonly sopClass: string;
  readonly instance: string;
  readonly study: string;
  readonly series: string;
  readonly description: string;
  /** Accession number, container, specimen, barcode: whichever the scanner's worklist filled. */
  readonly clues: readonly string[];
}

const TAG = {
  sopClass: 'x00080016',
  instance: 'x00080018',
  accession: 'x00080050',
  description: 'x0008103e',
  study: 'x0020000d',
  series: 'x0020000e',
  container: 'x00400512',
  specimens: 'x00400560',
  specimen: 'x00400551',
  barcode: 'x22000005',
  label: 'x22000002',
} as const;

/** null: no DICOM file. @throws {SlideRefusal} when its header is damaged */
export async function readDicomFacts(path: string): Promise<DicomFacts | null> {
  const source = await FileSource.open(path);
  try {
    const head = await bytesOf(source, 0, Math.min(132, source.size));
    if (head.toString('latin1', 128, 132) !== 'DICM') return null;
    const header = await readHeader(source);
    const specimens = header.elements[TAG.specimens]?.items ?? [];
    return {
      sopClass: text(header, TAG.sopClass),
      instance: text(header, TAG.instance),
      study: text(header, TAG.study),
      series: text(header, TAG.series),
      description: text(header, TAG.description),
      clues: [
        text(header, TAG.accession),
        text(header, TAG.container),
        text(header, TAG.barcode),
        text(header, TAG.label),
        ...specimens.map(({ dataSet }) => (dataSet ? text(dataSet, TAG.specimen) : '')),
      ].filter(Boolean),
    };
  } finally {
    await source.close();
  }
}

const text = (data: DataSet, tag: string): string => data.string(tag)?.trim().slice(0, 200) ?? '';
