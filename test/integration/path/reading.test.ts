import { verifyPdf } from '@relecture/server/reports/index.js';
import type { CasePage } from '@relecture/shared/cases/page.js';
import type { Notification } from '@relecture/shared/notifications/schema.js';
import type { Report, ReportDraft } from '@relecture/shared/reports/schema.js';
import type { Review, ReviewRow } from '@relecture/shared/reviews/schema.js';
import { expect } from 'chai';
import { completeContent, createCase, submitByPost } from '../../factories/cases.js';
import { makePeople, PASSWORD, type People } from '../../factories/people.js';
import { type Client, problemOf, startTestApp, type TestApp } from '../../support/app.js';

const OPINION = {
  microscopy: 'Architecture folliculaire.',
  ancillary: 'CD20 +, CD10 +.',
  conclusion: 'Lymphome folliculaire classique. Cœliaque : non — « sans objet ».',
  morphology: '9690/3',
  topography: 'C77.3',
  outcome: 'diagnosis' as const,
  concordance: {
    agreement: 'concordant' as const,
    types: [],
    therapeuticImpact: 'none' as const,
    comment: '',
  },
  recommendation: '',
};

/** The road from submission to a signed report, over HTTP, by post (no slide needed). */
describe('the path of a case', () => {
  let app: TestApp;
  let people: People;

  before(async () => {
    app = await startTestApp();
    people = await makePeople(app);
  });
  after(() => app.stop());

  const page = async (caseId: string, client = people.submitter) =>
    (await client.get<CasePage>(`/api/cases/${caseId}`)).body;
  const readerOf = (sent: CasePage): { reader: Client; other: Client; review: Review } => {
    const review = sent.reviews[0] as Review;
    const readers = [people.reviewer, people.otherReviewer];
    const reader = readers.find(({ userId }) => userId === review.assignment?.reviewer.id) as Client;
    return { reader, other: readers.find((client) => client !== reader) as Client, review };
  };

  it('says what is missing, and sends nothing', async () => {
    const draft = await createCase(people.submitter, { question: '', primarySite: null });
    const answer = await people.submitter.post(`/api/cases/${draft.id}/submit`, {});
    expect(answer.status).to.equal(422);
    expect(problemOf(answer).code).to.equal('CASE_INCOMPLETE');
    expect(problemOf(answer).fields?.map(({ code }) => code)).to.have.members([
      'question',
      'primary_site',
      'local_report',
      'material',
    ]);
    expect((await page(draft.id)).status).to.equal('draft');
  });

  it('refuses to send dates that cannot be, and says which', async () => {
    const draft = await createCase(people.submitter, {
      firstDiagnosis: { formal: true, morphology: '9690/3', text: 'Lymphome', date: '2026-10-01' },
    });
    const answer = await people.submitter.post<{
      code: string;
      fields: Array<{ code: string; path: string }>;
    }>(`/api/cases/${draft.id}/submit`, {});
    expect(answer.status).to.equal(422);
    expect(answer.body.code).to.equal('CASE_CONTRADICTION');
    expect(answer.body.fields).to.deep.include.members([
      {
        path: 'specimens',
        code: 'sample_after_diagnosis',
        message: 'Le prélèvement est postérieur au diagnostic : l’une des deux dates est fausse.',
      },
    ]);
  });

  it('lets the preparer prepare and only the pathologist send', async () => {
    const draft = await createCase(people.preparer);
    expect((await people.preparer.post(`/api/cases/${draft.id}/submit`, {})).status).to.equal(403);
  });

  it('saves one section without emptying the others, and tells a late writer', async () => {
    const draft = await createCase(people.submitter);
    const saved = await people.submitter.patch<CasePage>(`/api/cases/${draft.id}`, {
      version: draft.version,
      content: { question: 'Grade ?' },
    });
    expect(saved.status).to.equal(200);
    expect(saved.body.content.question).to.equal('Grade ?');
    expect(saved.body.content.primarySite).to.equal('C77.3');
    expect(saved.body.patient?.birthName).to.equal('KERVELLA');
    const late = await people.submitter.patch(`/api/cases/${draft.id}`, {
      version: draft.version,
      content: { question: 'Autre' },
    });
    expect(problemOf(late).code).to.equal('CONFLICT');
  });

  it('routes, assigns outside the sender’s house, explains in French, and tells the people', async () => {
    const sent = await submitByPost(people);
    expect(sent.status).to.equal('routed');
    expect(sent.networks.map(({ networkId }) => networkId)).to.deep.equal(['LYMPHOPATH']);
    expect(sent.networks[0]?.why.join(' ')).to.match(/[a-zà-ÿ]{4,}/);
    const { review, reader } = readerOf(sent);
    expect(review.status).to.equal('assigned');
    expect(review.dueAt).to.be.a('string');
    expect(sent.heldBy).to.equal(review.assignment?.reviewer.displayName);
    const worklist = await reader.get<{ items: ReviewRow[] }>('/api/reviews?scope=mine');
    expect(worklist.body.items.map(({ caseId }) => caseId)).to.include(sent.id);
    expect(JSON.stringify(worklist.body)).to.not.contain('KERVELLA');
    const inbox = await reader.get<{ items: Notification[]; unread: number }>('/api/notifications');
    expect(
      inbox.body.items.some(({ caseId, event }) => caseId === sent.id && event === 'review.assigned'),
    ).to.equal(true);
  });

  it('goes from acceptance to a sealed report that verifies, then an addendum', async () => {
    const sent = await submitByPost(people);
    const { reader, review } = readerOf(sent);
    const at = `/api/reviews/${review.id}`;
    const early = await reader.post(`${at}/sign-out`, {
      kind: 'final',
      password: PASSWORD,
      content: OPINION,
    });
    expect(problemOf(early).code).to.equal('STATUS_CONFLICT');
    expect((await reader.post<Review>(`${at}/accept`)).body.assignment?.acceptedAt).to.be.a('string');
    expect((await reader.post<Review>(`${at}/open`, {})).body.status).to.equal('in_review');

    const draft = await reader.put<ReportDraft>(`${at}/report-draft`, { version: 0, content: OPINION });
    expect(draft.body.version).to.equal(1);
    const again = await reader.put<ReportDraft>(`${at}/report-draft`, { version: 0, content: OPINION });
    expect(again.body.version, 'the same words sent twice are saved once').to.equal(1);
    const late = await reader.put(`${at}/report-draft`, {
      version: 0,
      content: { ...OPINION, conclusion: 'Autre' },
    });
    expect(problemOf(late).code).to.equal('CONFLICT');
    expect((await people.submitter.get(`${at}/report-draft`)).status).to.equal(403);
    expect((await page(sent.id)).reports).to.deep.equal([]);

    const wrong = await reader.post(`${at}/sign-out`, { kind: 'final', password: 'no' });
    expect(problemOf(wrong).code).to.equal('PASSWORD_WRONG');
    const bare = await reader.post(`${at}/sign-out`, {
      kind: 'final',
      password: PASSWORD,
      content: { ...OPINION, conclusion: ' ', morphology: null },
    });
    expect(problemOf(bare).fields?.map(({ code }) => code)).to.deep.equal(['conclusion', 'morphology']);

    const preliminary = await reader.post<Report>(`${at}/sign-out`, {
      kind: 'preliminary',
      password: PASSWORD,
    });
    expect(preliminary.status).to.equal(201);
    expect((await page(sent.id)).progress).to.equal('preliminary');
    const signed = await reader.post<Report>(`${at}/sign-out`, { kind: 'final', password: PASSWORD });
    expect(signed.body.number).to.equal(2);
    expect(signed.body.seal.previous).to.equal(preliminary.body.seal.sha256);
    const after = await page(sent.id);
    expect(after.status).to.equal('completed');
    expect(after.progress).to.equal('signed');
    expect(after.reports.length).to.equal(2);

    const other = { ...OPINION, conclusion: 'Un autre avis.' };
    for (const [method, path, body] of [
      ['post', `${at}/sign-out`, { kind: 'final', password: PASSWORD, content: other }],
      ['put', `${at}/report-draft`, { version: 1, content: OPINION }],
    ] as const) {
      expect(problemOf(await reader[method](path, body)).code).to.equal('REPORT_SIGNED');
    }

    const pdf = await people.submitter.get<Buffer>(`/api/reports/${signed.body.id}.pdf`);
    expect(pdf.headers.get('content-type')).to.equal('application/pdf');
    expect(pdf.headers.get('content-disposition')).to.not.contain('KERVELLA');
    expect(verifyPdf(pdf.body)).to.include({
      verdict: 'valid',
      caseNumber: sent.number,
      number: 2,
      kind: 'final',
    });
    const flipped = Buffer.from(pdf.body);
    flipped[400] = (flipped[400] ?? 0) ^ 1;
    expect(verifyPdf(flipped)).to.deep.equal({ verdict: 'altered' });
    expect((await people.stranger.get(`/api/reports/${signed.body.id}.pdf`)).status).to.equal(404);

    const amended = await reader.post<Report>(`/api/reports/${signed.body.id}/amend`, {
      kind: 'addendum',
      password: PASSWORD,
      text: 'Clonalité B confirmée.',
    });
    expect(amended.status).to.equal(201);
    expect(amended.body.seal.previous).to.equal(signed.body.seal.sha256);
    expect((await people.submitter.get<Report>(`/api/reports/${signed.body.id}`)).body).to.deep.equal(
      signed.body,
    );
    expect((await people.submitter.post(`/api/reports/${amended.body.id}/read`)).status).to.equal(204);
    const times = (await page(sent.id)).timeline.map(({ event }) => event);
    expect(times).to.include.members([
      'case.submitted',
      'review.routed',
      'review.admitted',
      'review.assigned',
      'review.signed',
    ]);
  });

  it('gives a declined review to another, who never is the one who declined', async () => {
    const sent = await submitByPost(people);
    const { reader, other, review } = readerOf(sent);
    const declined = await reader.post<Review>(`/api/reviews/${review.id}/decline`, { reason: 'Absence.' });
    expect(declined.body.assignment?.reviewer.id).to.equal(other.userId);
    const after = await page(sent.id, other);
    expect(after.patient?.birthName).to.equal('KERVELLA');
    expect((await page(sent.id, reader)).patient, 'who no longer reads no longer sees').to.equal(null);
    await other.post(`/api/reviews/${review.id}/decline`, { reason: 'Hors de mon domaine.' });
    const waiting = await page(sent.id, people.coordinator);
    expect(waiting.progress).to.equal('admitted');
    expect(waiting.party).to.equal('coordinator');
    const ranked = await people.coordinator.get<{ candidates: unknown[] }>(
      `/api/reviews/${review.id}/candidates`,
    );
    expect(ranked.body.candidates.length).to.equal(2);
    const due = review.dueAt;
    const assigned = await people.coordinator.post<Review>(`/api/reviews/${review.id}/assign`, {
      reviewerId: reader.userId,
      reason: 'Disponible à nouveau.',
    });
    expect(assigned.body.assignment?.reviewer.id).to.equal(reader.userId);
    expect(assigned.body.dueAt, 'the clock never starts again').to.equal(due);
  });

  it('lets one coordinator win when two assign at once', async () => {
    const sent = await submitByPost(people);
    const { other, review } = readerOf(sent);
    const answers = await Promise.all(
      [1, 2].map(() =>
        people.coordinator.post(`/api/reviews/${review.id}/assign`, {
          reviewerId: other.userId,
          reason: 'Répartition.',
        }),
      ),
    );
    expect(answers.map(({ status }) => status).sort()).to.deep.equal([200, 409]);
  });

  it('holds a review for material, with the clock on the sender, and resumes', async () => {
    const sent = await submitByPost(people);
    const { reader, review } = readerOf(sent);
    await reader.post(`/api/reviews/${review.id}/open`, {});
    const asked = await reader.post<{ id: string }>(`/api/reviews/${review.id}/material-requests`, {
      items: [{ kind: 'stain', detail: 'PD1' }],
      reason: 'Phénotype à préciser.',
    });
    expect(asked.status).to.equal(201);
    const held = await page(sent.id);
    expect(held.progress).to.equal('on_hold');
    expect(held.party).to.equal('material');
    expect(held.permissions).to.include('answer_material');
    expect(held.reviews[0]).to.include({ dueAt: null, duePaused: true, overdue: false });
    const blocked = await reader.post(`/api/reviews/${review.id}/sign-out`, {
      kind: 'final',
      password: PASSWORD,
      content: OPINION,
    });
    expect(problemOf(blocked).code).to.equal('STATUS_CONFLICT');
    expect(
      (await people.stranger.post(`/api/material-requests/${asked.body.id}/answer`, { comment: 'x' })).status,
    ).to.equal(404);
    expect(
      (await people.submitter.post(`/api/material-requests/${asked.body.id}/answer`, { comment: 'PD1 +' }))
        .status,
    ).to.equal(200);
    const resumed = await page(sent.id);
    expect(resumed.progress).to.equal('in_review');
    expect(resumed.reviews[0]).to.include({ dueAt: review.dueAt, duePaused: false });
    const twice = await people.submitter.post(`/api/material-requests/${asked.body.id}/answer`, {
      comment: 'PD1 +',
    });
    expect(problemOf(twice).code).to.equal('STATUS_CONFLICT');
  });

  it('stops on a contradiction, names the fields, and goes on once corrected', async () => {
    const sent = await submitByPost(people, {
      primarySite: 'C56.9',
      firstDiagnosis: {
        formal: true,
        morphology: '8620/3',
        text: 'Tumeur de la granulosa',
        date: '2026-11-06',
      },
      patient: {
        ...completeContent().patient,
        birthName: 'GUEGUEN',
        sex: 'M',
        localExamNumber: '26H1',
      } as never,
    });
    expect(sent.status).to.equal('to_correct');
    expect(sent.routing?.fieldsToCorrect.map(({ field }) => field)).to.include('sex');
    const corrected = await people.submitter.patch<CasePage>(`/api/cases/${sent.id}`, {
      version: sent.version,
      content: { patient: { ...completeContent().patient, sex: 'F', localExamNumber: '26H1' } as never },
    });
    expect(corrected.status).to.equal(200);
    const again = await people.submitter.post<CasePage>(`/api/cases/${sent.id}/submit`, {});
    expect(again.body.status).to.equal('routed');
  });

  it('sends a contested routing to the national dispatch, where a coordinator decides with a reason', async () => {
    const sent = await submitByPost(people, {
      contestedRouting: { reason: 'Je pense à un sarcome histiocytaire.' },
    });
    expect(sent.status).to.equal('to_dispatch');
    expect(sent.routing?.ranked[0]?.networkId).to.equal('LYMPHOPATH');
    expect((await people.coordinator.get('/api/dispatch')).status).to.equal(403);
    const queue = await people.national.get<{ items: Array<{ id: string }> }>('/api/dispatch');
    expect(queue.body.items.map(({ id }) => id)).to.include(sent.id);
    const unknown = await people.national.post(`/api/cases/${sent.id}/dispatch`, {
      networkIds: ['NOWHERE'],
      reason: 'Essai.',
    });
    expect(problemOf(unknown).code).to.equal('INVALID_INPUT');
    const chosen = await people.national.post<CasePage>(`/api/cases/${sent.id}/dispatch`, {
      networkIds: ['LYMPHOPATH'],
      reason: 'Prolifération lymphoïde.',
    });
    expect(chosen.body.status).to.equal('routed');
    expect(chosen.body.routing?.decidedBy).to.equal('coordinator');
    expect(chosen.body.reviews.length).to.equal(1);
  });

  it('withdraws with a reason: the open reading ends, what happened stays', async () => {
    const sent = await submitByPost(people);
    const withdrawn = await people.submitter.post<CasePage>(`/api/cases/${sent.id}/withdraw`, {
      reason: 'Doublon.',
    });
    expect(withdrawn.body.progress).to.equal('withdrawn');
    expect(withdrawn.body.reviews[0]?.status).to.equal('cancelled');
    expect(
      withdrawn.body.timeline.some(
        ({ event, params }) => event === 'case.withdrawn' && params.reason === 'Doublon.',
      ),
    ).to.equal(true);
    expect(
      (await people.submitter.post(`/api/cases/${sent.id}/withdraw`, { reason: 'Encore.' })).status,
    ).to.be.oneOf([403, 409]);
  });

  it('keeps messages between the sender and those who read', async () => {
    const sent = await submitByPost(people);
    const { reader, other } = readerOf(sent);
    const path = `/api/cases/${sent.id}/messages`;
    expect((await reader.post(path, { text: 'Reste-t-il du tissu ?' })).status).to.equal(201);
    expect(
      (await people.submitter.get<{ items: Array<{ text: string }> }>(path)).body.items.map(
        ({ text }) => text,
      ),
    ).to.deep.equal(['Reste-t-il du tissu ?']);
    expect((await other.get(path)).status).to.equal(403);
  });

  it('pages its lists without losing or repeating a case', async () => {
    for (let made = 0; made < 5; made++) await createCase(people.submitter);
    const seen: string[] = [];
    let after: string | null = null;
    do {
      const path: string = `/api/cases?limit=3${after ? `&after=${after}` : ''}`;
      const { body } = await people.submitter.get<{ items: Array<{ id: string }>; next: string | null }>(
        path,
      );
      seen.push(...body.items.map(({ id }) => id));
      after = body.next;
    } while (after);
    expect(new Set(seen).size).to.equal(seen.length);
    expect(seen.length).to.be.greaterThan(10);
    expect(problemOf(await people.submitter.get('/api/cases?after=nonsense')).code).to.equal('INVALID_INPUT');
  });

  it('shows the coordinator figures that lead to their reviews', async () => {
    const { body } = await people.coordinator.get<{ networkIds: string[]; figures: { open: number } }>(
      '/api/board',
    );
    expect(body.networkIds).to.deep.equal(['LYMPHOPATH']);
    const rows = await people.coordinator.get<{ items: unknown[] }>('/api/reviews?scope=network&limit=200');
    expect(rows.body.items.length).to.equal(body.figures.open);
    expect((await people.coordinator.get('/api/board?networkId=NETSARC%2B')).status).to.equal(404);
  });
});
