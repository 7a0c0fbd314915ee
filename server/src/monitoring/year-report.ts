import type { Language } from '@relecture/shared/http/page.js';
import { workingDaysBetween } from '../assignments/index.js';
import { type CaseRecord, factsOfCases } from '../cases/index.js';
import { getNetwork } from '../networks/index.js';
import { recordAccess } from '../platform/access-log.js';
import { calendarDay, now, startOfDay } from '../platform/clock.js';
import type { Principal } from '../platform/principal.js';
import { type ReviewRecord, reviewsOpenedBetween, reviewsSignedBetween } from '../reviews/index.js';
import { describeIcdo3 } from '../routing/index.js';
import { drawYear } from './draw-year.js';
import { networksOf } from './service.js';
import { figuresOfYear, type OpenedFact, type SignedYearFact } from './year-figures.js';

const AT_ONCE = 200;
const monthOf = (at: Date): string => calendarDay(at).slice(0, 7);

function openedFact({ createdAt, level, intent, urgency, status }: ReviewRecord): OpenedFact {
  return {
    month: monthOf(createdAt),
    level,
    intent,
    urgent: urgency === 'urgent',
    ended: status === 'signed' || status === 'cancelled' ? status : null,
  };
}

function signedFact(
  review: ReviewRecord,
  signedAt: Date,
  caseRecord: CaseRecord | undefined,
): SignedYearFact {
  const { level, intent, region, outcome, summary, submittedAt, dueAt, timeline, ladder } = review;
  const diagnosed = caseRecord?.content.firstDiagnosis?.date;
  return {
    month: monthOf(signedAt),
    level,
    intent,
    region,
    centre: review.assignment?.reviewer.organisation ?? '',
    morphology: outcome?.morphology === undefined ? summary.morphology : outcome.morphology,
    agreement: outcome?.agreement ?? null,
    types: outcome?.types ?? [],
    impact: outcome?.impact ?? null,
    sending: diagnosed ? workingDaysBetween(startOfDay(diagnosed), submittedAt) : null,
    reading: workingDaysBetween(submittedAt, signedAt),
    onTime: dueAt ? signedAt <= dueAt : null,
    asked: timeline.some(({ event }) => event === 'review.material-asked'),
    molecular: (caseRecord?.content.ancillaryTests ?? []).some(({ kind }) => kind === 'molecular'),
    session: review.discussed ? 'discussed' : ladder?.session ? 'listed' : null,
  };
}

/** A network's activity in a calendar year, as a PDF; for its coordinators. */
export async function reportYear(
  networkId: string,
  year: number,
  language: Language,
  principal: Principal,
): Promise<Buffer> {
  networksOf(principal, networkId);
  const { names, coordinatingCentre } = getNetwork(networkId);
  const at = now();
  const from = startOfDay(`${year}-01-01`);
  const to = startOfDay(`${year + 1}-01-01`);
  const opened: OpenedFact[] = [];
  for await (const review of reviewsOpenedBetween(networkId, from, to, AT_ONCE))
    opened.push(openedFact(review));
  const signed: SignedYearFact[] = [];
  let batch: Array<ReviewRecord & { signedAt: Date }> = [];
  const settle = async () => {
    const cases = await factsOfCases(batch.map(({ caseId }) => caseId));
    for (const review of batch)
      signed.push(signedFact(review, review.signedAt, cases.get(String(review.caseId))));
    batch = [];
  };
  for await (const review of reviewsSignedBetween(networkId, from, to, AT_ONCE)) {
    if (review.signedAt) batch.push({ ...review, signedAt: review.signedAt });
    if (batch.length === AT_ONCE) await settle();
  }
  await settle();
  const months = Array.from(
    { length: 12 },
    (_, index) => `${year}-${String(index + 1).padStart(2, '0')}`,
  ).filter((month) => month <= monthOf(at));
  const pdf = await drawYear({
    year,
    networkId,
    networkName: names[language],
    coordinatingCentre,
    at,
    madeBy: principal.displayName,
    unfinished: at < to,
    figures: figuresOfYear(months, opened, signed),
    describe: (code) => describeIcdo3(code, language)?.label ?? code,
    language,
  });
  await recordAccess({
    actorId: principal.id,
    action: 'board.reported',
    recordKind: 'network',
    recordId: networkId,
    params: { year: String(year) },
  });
  return pdf;
}
