import { randomUUID } from 'node:crypto';
import { caseContent } from '@relecture/shared/cases/schema.js';
import { type ReportContent, reportContent } from '@relecture/shared/reports/schema.js';
import { DateTime } from 'luxon';
import { saveAnnotation } from '../annotations/index.js';
import { acceptReview, declineReview, isWorkingDay, recipientsOf } from '../assignments/index.js';
import {
  attachBytes,
  type CaseRecord,
  createCase,
  declareShipment,
  getCase,
  postMessage,
  submitCase,
  updateShipment,
  withdrawCase,
} from '../cases/index.js';
import { answerMaterial, askMaterial } from '../materials/index.js';
import { runAt } from '../platform/clock.js';
import type { Principal } from '../platform/principal.js';
import { amendReport, markReportRead, signOut } from '../reports/index.js';
import { getReview, markOpened, type ReviewRecord, reviewsOfCase } from '../reviews/index.js';
import { dispatchCase } from '../routing/index.js';
import { ingestFile, slidesOfCase } from '../slides/index.js';
import type { DemoCase } from './cases.js';
import { drawLocalReport } from './local-report.js';
import { type Masters, stainOf } from './slides.js';

export interface DemoCast {
  readonly principals: ReadonlyMap<string, Principal>;
  readonly password: string;
  readonly masters: Masters;
  organisationOf(principal: Principal): { id: string; name: string; city: string; region: string };
}

const ZONE = 'Europe/Paris';

/** 9:10 in Paris, `days` working days before today. */
function workingDaysAgo(days: number): Date {
  let day = DateTime.now().setZone(ZONE).startOf('day');
  for (let left = days; left > 0; ) {
    day = day.minus({ days: 1 });
    if (isWorkingDay(day.toFormat('yyyy-MM-dd'))) left -= 1;
  }
  return day.set({ hour: 9, minute: 10 }).toJSDate();
}

/** A clock that walks through working hours and never passes the present. */
function createClock(start: Date) {
  const latest = () => new Date(Date.now() - 1000);
  let at = start < latest() ? start : latest();
  return {
    async at<T>(work: () => Promise<T>): Promise<T> {
      return await runAt(at, work);
    },
    pass({ days = 0, minutes = 0 }: { days?: number; minutes?: number }): void {
      let next = DateTime.fromJSDate(at, { zone: ZONE }).plus({ minutes });
      for (let left = days; left > 0; ) {
        next = next.plus({ days: 1 });
        if (isWorkingDay(next.toFormat('yyyy-MM-dd'))) left -= 1;
      }
      at = new Date(Math.min(next.toMillis(), latest().getTime()));
    },
  };
}

const marker = (text: string, index: number) => {
  const [, name = text, sign = ''] = /^(.+?)\s+([+-])$/.exec(text) ?? [];
  return {
    id: `m${index}`,
    kind: 'immunohistochemistry' as const,
    name,
    result: sign === '+' ? ('positive' as const) : sign === '-' ? ('negative' as const) : ('done' as const),
    detail: '',
  };
};

function contentOf(demoCase: DemoCase, examNumber: string, day: string, wished: Principal | null) {
  const [birthName, firstName, birthDate, sex] = demoCase.patient;
  return caseContent.parse({
    patient: { birthName, firstName, birthDate, sex, localExamNumber: examNumber },
    prescriber: { name: 'Dr Paul Rannou', speciality: '' },
    patientInformed: true,
    primarySite: demoCase.site,
    specimens: [
      {
        id: 's1',
        site: demoCase.specimenSite ?? demoCase.site,
        label: 'A1',
        sampleType: demoCase.contexts?.includes('core_needle_biopsy') ? 'core_needle_biopsy' : 'excision',
        sampledOn: day,
        fixative: 'formalin',
        frozenTissueKept: false,
      },
    ],
    ancillaryTests: demoCase.markers.map(marker),
    clinicalInformation: demoCase.clinical,
    firstDiagnosis: {
      formal: demoCase.morphology !== null,
      morphology: demoCase.morphology,
      text: demoCase.diagnosis,
      date: day,
    },
    intent: demoCase.intent,
    contexts: demoCase.contexts ?? [],
    question: demoCase.question,
    urgency: demoCase.urgent ? 'urgent' : 'normal',
    wishedExpert: wished ? { userId: wished.id, reason: 'A déjà relu pour notre laboratoire.' } : null,
    materialBy: demoCase.walk === 'parcel_on_its_way' ? 'shipment' : 'slides',
  });
}

/** Walks one case through the real gate, as its people would have, as far as it goes. */
export async function walkCase(demoCase: DemoCase, examNumber: string, cast: DemoCast): Promise<void> {
  const { walk } = demoCase;
  const who = (key: string): Principal => {
    const principal = cast.principals.get(key);
    if (!principal) throw new Error(`demo: nobody is called ${key}`);
    return principal;
  };
  const sender = who(demoCase.sender);
  const wished = demoCase.wishes ? who(demoCase.wishes) : null;
  const clock = createClock(workingDaysAgo(demoCase.daysAgo));
  const start = await clock.at(
    async () => DateTime.fromJSDate(workingDaysAgo(demoCase.daysAgo)).toISODate() ?? '',
  );
  const organisation = cast.organisationOf(sender);
  const draft = await clock.at(() =>
    createCase(contentOf(demoCase, examNumber, start, wished), sender, organisation),
  );
  const caseId = String(draft._id);
  const report = await drawLocalReport(demoCase, examNumber, organisation.name);
  await clock.at(() => attachBytes(caseId, 'local_report', `compte-rendu-${examNumber}.pdf`, report, sender));
  clock.pass({ minutes: 6 });
  for (const kind of demoCase.slides) {
    const { stain, block } = stainOf(kind);
    const file = await cast.masters.path(kind);
    await clock.at(() => ingestFile(file, { caseId, stain, block, by: sender }));
  }
  if (walk === 'parcel_on_its_way') {
    await clock.at(() =>
      declareShipment(
        caseId,
        {
          items: [
            { kind: 'block', label: `${examNumber}-A1`, count: 1, stain: '' },
            { kind: 'unstained_sections', label: '', count: 10, stain: '' },
          ],
          carrier: 'Transporteur national',
          trackingNumber: 'XD000000000FR',
          note: '',
          sentOn: null,
          materialRequestId: null,
        },
        sender,
        recipientsOf,
      ),
    );
  }
  if (walk === 'draft') return;
  clock.pass({ minutes: 9 });
  await clock.at(() => submitCase(caseId, sender));
  clock.pass({ minutes: 50 });
  if (walk === 'parcel_on_its_way') {
    const [shipment] = (await getCase(caseId)).shipments;
    if (shipment) {
      const sentOn = start;
      await clock.at(() => updateShipment(caseId, String(shipment.id), { sentOn }, sender, recipientsOf));
    }
  }

  if (walk === 'refused_slide') {
    clock.pass({ minutes: 30 });
    await clock.at(() =>
      ingestFile(cast.masters.notASlide, { caseId, stain: 'CD20', block: 'A1', by: sender }),
    );
  }
  if (walk === 'withdrawn') {
    clock.pass({ days: 1 });
    await clock.at(() => withdrawCase(caseId, 'Le patient est pris en charge dans un autre centre.', sender));
  }
  if (walk === 'dispatched') {
    clock.pass({ days: 1 });
    const current = await getCase(caseId);
    if (current.status === 'to_dispatch') {
      await clock.at(() =>
        dispatchCase(
          caseId,
          ['NETSARC+'],
          'Tumeur à cellules rondes des parties molles : lecture par NETSARC+.',
          who('coordinateur'),
        ),
      );
    }
  }
  if (
    ['contradiction', 'to_dispatch', 'pathway', 'withdrawn', 'refused_slide', 'parcel_on_its_way'].includes(
      walk,
    )
  )
    return;
  for (const review of await reviewsOfCase(caseId))
    await walkReview(demoCase, String(review._id), clock, cast, sender);
}

async function walkReview(
  demoCase: DemoCase,
  reviewId: string,
  clock: ReturnType<typeof createClock>,
  cast: DemoCast,
  sender: Principal,
): Promise<void> {
  const { walk } = demoCase;
  const first = await getReview(reviewId);
  const reader = [...cast.principals.values()].find(
    ({ id }) => id === String(first.assignment?.reviewerId ?? ''),
  );
  if (!reader || walk === 'assigned') return;
  clock.pass({ minutes: 90 });
  if (walk === 'nobody_free') {
    await clock.at(() =>
      declineReview(reviewId, 'Absence de deux semaines, je ne peux pas lire ce cas.', reader),
    );
    return;
  }
  await clock.at(() => acceptReview(reviewId, reader));
  if (walk === 'accepted') return;
  clock.pass({ days: 1, minutes: 75 });
  const caseRecord = await getCase(first.caseId);
  await readSlides(reviewId, caseRecord, clock, reader);
  if (walk === 'in_review') return;

  if (walk === 'on_hold' || walk === 'resumed') {
    const asked = await clock.at(() =>
      askMaterial(
        reviewId,
        {
          items: [{ kind: 'stain', detail: 'PD1, CXCL13, EBER' }],
          reason: 'Phénotype à compléter avant de conclure.',
          pin: null,
        },
        reader,
      ),
    );
    await clock.at(() =>
      postMessage(String(caseRecord._id), 'Reste-t-il du tissu dans le bloc A1 ?', reader).then(
        () => undefined,
      ),
    );
    if (walk === 'on_hold') return;
    clock.pass({ days: 2 });
    await clock.at(() =>
      postMessage(
        String(caseRecord._id),
        'Oui, les marquages sont faits : PD1 +, CXCL13 -, EBER -.',
        sender,
      ).then(() => undefined),
    );
    await clock.at(() =>
      answerMaterial(
        String(asked._id),
        {
          comment: 'PD1 positif, CXCL13 et EBER négatifs.',
          slideIds: [],
          shipmentId: null,
          unavailable: false,
        },
        sender,
      ),
    );
    return;
  }

  clock.pass({ days: 2, minutes: 30 });
  const content = opinionOf(demoCase);
  const kind = walk === 'preliminary' ? 'preliminary' : 'final';
  const signed = await clock.at(() =>
    signOut(
      reviewId,
      {
        kind,
        password: cast.password,
        content,
        provenMarkers: [...(demoCase.opinion?.proven ?? [])],
        thirdReading: false,
      },
      reader,
    ),
  );
  if (walk === 'signed_with_addendum') {
    clock.pass({ days: 3 });
    await clock.at(() =>
      amendReport(
        String(signed._id),
        {
          kind: 'addendum',
          password: cast.password,
          text: 'Clonalité B confirmée en biologie moléculaire (IGH). La conclusion est inchangée.',
        },
        reader,
      ),
    );
  }
  if (walk !== 'preliminary' && demoCase.daysAgo > 30) {
    clock.pass({ minutes: 240 });
    await clock.at(() => markReportRead(String(signed._id), sender));
  }
}

async function readSlides(
  reviewId: string,
  caseRecord: CaseRecord,
  clock: ReturnType<typeof createClock>,
  reader: Principal,
): Promise<void> {
  for (const slide of await slidesOfCase(caseRecord._id)) {
    if (slide.status !== 'ready' || !slide.width || !slide.height) continue;
    const review: ReviewRecord = await getReview(reviewId);
    await clock.at(() => markOpened(review, String(slide._id), reader));
    const [x, y] = [Math.round(slide.width * 0.42), Math.round(slide.height * 0.45)];
    await clock.at(() =>
      saveAnnotation(
        String(slide._id),
        randomUUID(),
        reviewId,
        0,
        {
          shape: {
            type: 'rectangle',
            points: [
              [x, y],
              [x + 520, y + 380],
            ],
          },
          category: 'region',
          label: 'Plage représentative',
          note: '',
        },
        reader,
      ),
    );
    clock.pass({ minutes: 4 });
  }
}

function opinionOf(demoCase: DemoCase): ReportContent {
  const { opinion } = demoCase;
  if (!opinion) throw new Error(`demo: ${demoCase.walk} needs an opinion`);
  return reportContent.parse({
    microscopy:
      'Prélèvement représentatif, fixation satisfaisante. Description morphologique conforme à la conclusion.',
    ancillary: demoCase.markers.join(', '),
    conclusion: opinion.conclusion,
    morphology: opinion.morphology,
    topography: demoCase.site,
    outcome: opinion.agreement === 'not_classifiable' && !opinion.proven ? 'unclassifiable' : 'diagnosis',
    concordance: {
      agreement: opinion.agreement,
      types: opinion.types ?? [],
      therapeuticImpact: opinion.impact,
      comment: '',
    },
    recommendation: opinion.impact === 'major' ? 'Présentation en RCP de recours du réseau.' : '',
  });
}
