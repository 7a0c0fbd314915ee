/** DICOM JSON (PS3.18 annex F): tag -> value representation and values. */
export type DataSetJson = Record<string, { vr: string; Value?: unknown[] }>;

const DICTIONARY: Record<string, [tag: string, vr: string]> = {
  SOPClassUID: ['00080016', 'UI'],
  SOPInstanceUID: ['00080018', 'UI'],
  StudyDate: ['00080020', 'DA'],
  SeriesDate: ['00080021', 'DA'],
  AccessionNumber: ['00080050', 'SH'],
  InstanceAvailability: ['00080056', 'CS'],
  Modality: ['00080060', 'CS'],
  ModalitiesInStudy: ['00080061', 'CS'],
  SeriesDescription: ['0008103E', 'LO'],
  RetrieveURL: ['00081190', 'UR'],
  FailureReason: ['00081197', 'US'],
  FailedSOPSequence: ['00081198', 'SQ'],
  ReferencedSOPSequence: ['00081199', 'SQ'],
  ReferencedSOPClassUID: ['00081150', 'UI'],
  ReferencedSOPInstanceUID: ['00081155', 'UI'],
  PatientID: ['00100020', 'LO'],
  StudyInstanceUID: ['0020000D', 'UI'],
  SeriesInstanceUID: ['0020000E', 'UI'],
  InstanceNumber: ['00200013', 'IS'],
  NumberOfStudyRelatedSeries: ['00201206', 'IS'],
  NumberOfSeriesRelatedInstances: ['00201209', 'IS'],
  Rows: ['00280010', 'US'],
  Columns: ['00280011', 'US'],
  TotalPixelMatrixColumns: ['00480006', 'UL'],
  TotalPixelMatrixRows: ['00480007', 'UL'],
};

export function toDataSet(values: Record<string, unknown>): DataSetJson {
  const set: DataSetJson = {};
  for (const [name, value] of Object.entries(values)) {
    const known = DICTIONARY[name];
    if (!known) throw new Error(`${name} is not in the dictionary`);
    const [tag, vr] = known;
    const list = Array.isArray(value) ? value : value === '' || value === null ? [] : [value];
    set[tag] = { vr, ...(list.length > 0 ? { Value: list } : {}) };
  }
  return Object.fromEntries(Object.entries(set).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** The first value as text, of a data set that another server sent. */
export function textOf(set: unknown, name: string): string {
  const tag = DICTIONARY[name]?.[0] ?? '';
  const values = (set as Record<string, { Value?: unknown[] } | undefined>)[tag]?.Value;
  const [first] = Array.isArray(values) ? values : [];
  return typeof first === 'string' || typeof first === 'number' ? String(first).slice(0, 200) : '';
}

/** A query names an attribute by its keyword or by its tag. */
export const nameOfAttribute = (key: string): string =>
  Object.entries(DICTIONARY).find(([, [tag]]) => tag === key.toUpperCase())?.[0] ?? key;
