import type { Types } from 'mongoose';
import { type CaseRecord, casesWithSlides, findCase } from '../../cases/index.js';
import { calendarDay } from '../../platform/clock.js';
import { readySlidesOf, type SlideRecord } from '../../slides/index.js';
import { type DataSetJson, nameOfAttribute, toDataSet } from './dataset.js';
import { readUid, uidOf } from './uids.js';

const WHOLE_SLIDE = '1.2.840.10008.5.1.4.1.1.77.1.6';
const MOST = 200;
const MOST_CASES = 1000;

export interface QueryPage {
  readonly limit: number;
  readonly offset: number;
}

export function pageOf(query: Record<string, unknown>): QueryPage {
  const number = (name: string, fallback: number) => {
    const value = Number(query[name] ?? fallback);
    return Number.isInteger(value) && value >= 0 ? value : fallback;
  };
  return { limit: Math.min(number('limit', MOST), MOST), offset: number('offset', 0) };
}

/** What a query asks for: the attributes we answer with; any other one restricts nothing. */
export function filterOf(query: Record<string, unknown>): Map<string, string> {
  const filter = new Map<string, string>();
  for (const [key, value] of Object.entries(query)) {
    if (['limit', 'offset', 'includefield', 'fuzzymatching'].includes(key)) continue;
    if (typeof value === 'string' && value !== '') filter.set(nameOfAttribute(key), value);
  }
  return filter;
}

/** Slides carry no name here: the patient is the case's number, which everybody may say aloud. */
const ofCase = (record: CaseRecord) => ({
  StudyInstanceUID: uidOf('study', String(record._id)),
  AccessionNumber: record.number,
  PatientID: record.number,
  StudyDate: calendarDay(record.createdAt).replaceAll('-', ''),
});

const ofSlide = (slide: SlideRecord) => ({
  SeriesInstanceUID: uidOf('series', String(slide._id)),
  Modality: 'SM',
  SeriesDate: calendarDay(slide.createdAt).replaceAll('-', ''),
  SeriesDescription: [slide.block, slide.stain].filter(Boolean).join(' ').slice(0, 64),
});

/** A study is a case of the organisation that has slides. */
export async function queryStudies(
  organisationId: Types.ObjectId,
  filter: Map<string, string>,
  page: QueryPage,
): Promise<DataSetJson[]> {
  const modality = filter.get('ModalitiesInStudy');
  if (modality !== undefined && modality !== 'SM') return [];
  const cases = await casesFor(organisationId, filter, page);
  return cases.map((record) =>
    toDataSet({
      ...ofCase(record),
      ModalitiesInStudy: ['SM'],
      InstanceAvailability: 'ONLINE',
      NumberOfStudyRelatedSeries: record.slideIds.length,
    }),
  );
}

async function casesFor(
  organisationId: Types.ObjectId,
  filter: Map<string, string>,
  page: QueryPage,
): Promise<CaseRecord[]> {
  const uid = filter.get('StudyInstanceUID');
  const number = filter.get('AccessionNumber') ?? filter.get('PatientID') ?? null;
  if (uid === undefined) return await casesWithSlides(organisationId, number, page.offset, page.limit);
  const read = readUid(uid);
  const record = read?.kind === 'study' ? await findCase(read.id) : null;
  const fits =
    record &&
    String(record.organisationId) === String(organisationId) &&
    (number === null || record.number === number);
  return fits ? [record].slice(page.offset) : [];
}

/** A series is a slide that can be read. */
export async function querySeries(
  organisationId: Types.ObjectId,
  filter: Map<string, string>,
  page: QueryPage,
): Promise<DataSetJson[]> {
  const found = await slidesFor(organisationId, filter, page);
  return found.map(({ record, slide }) =>
    toDataSet({ ...ofCase(record), ...ofSlide(slide), NumberOfSeriesRelatedInstances: slide.levels.length }),
  );
}

async function slidesFor(organisationId: Types.ObjectId, filter: Map<string, string>, page: QueryPage) {
  const modality = filter.get('Modality');
  if (modality !== undefined && modality !== 'SM') return [];
  const cases = await casesFor(organisationId, filter, { offset: 0, limit: MOST_CASES });
  const byId = new Map(cases.map((record) => [String(record._id), record]));
  const uid = filter.get('SeriesInstanceUID');
  const wanted = uid === undefined ? null : readUid(uid);
  if (uid !== undefined && wanted?.kind !== 'series') return [];
  const slides = await readySlidesOf(
    cases.map(({ _id }) => _id),
    { skip: page.offset, limit: page.limit, ...(wanted ? { slideId: wanted.id } : {}) },
  );
  return slides.flatMap((slide) => {
    const record = byId.get(String(slide.caseId));
    return record ? [{ record, slide }] : [];
  });
}

/** An instance is a level of a slide. */
export async function queryInstances(
  organisationId: Types.ObjectId,
  filter: Map<string, string>,
  page: QueryPage,
): Promise<DataSetJson[]> {
  const found = await slidesFor(organisationId, filter, { offset: 0, limit: page.offset + page.limit });
  const uid = filter.get('SOPInstanceUID');
  return found
    .flatMap(({ record, slide }) =>
      slide.levels.map((level, n) => ({
        ...ofCase(record),
        ...ofSlide(slide),
        SOPClassUID: WHOLE_SLIDE,
        SOPInstanceUID: uidOf('instance', String(slide._id), n),
        InstanceNumber: n + 1,
        Rows: level.tileHeight,
        Columns: level.tileWidth,
        TotalPixelMatrixColumns: level.width,
        TotalPixelMatrixRows: level.height,
      })),
    )
    .filter((instance) => uid === undefined || instance.SOPInstanceUID === uid)
    .slice(page.offset, page.offset + page.limit)
    .map(toDataSet);
}
