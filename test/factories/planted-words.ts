import { randomUUID } from 'node:crypto';
import type { CasePage } from '@relecture/shared/cases/page.js';
import type { CreateCaseBody, Shipment } from '@relecture/shared/cases/schema.js';
import type { MaterialRequest } from '@relecture/shared/materials/schema.js';
import type { Report } from '@relecture/shared/reports/schema.js';
import type { Answer, Client } from '../support/app.js';
import { sendByPost } from './cases.js';
import { PASSWORD, type People } from './people.js';
import { opinion, type Reading, startReading } from './readings.js';

export interface PlantedPath {
  /** Each planted text, so that a place which nobody ever shows is noticed. */
  readonly texts: readonly string[];
  /** Read to its signed end. */
  readonly reading: Reading;
  /** Contested, dispatched, declined, assigned, withdrawn. */
  readonly withdrawn: CasePage;
  /** Values of the parameters of the addresses of both. */
  readonly ids: Record<string, string[]>;
}

/**
 * Walks two cases down the whole path and writes a name into everything that people may type: `closed` where only those
 * who may see the identity read it, `open` where the coordination reads it for its work.
 */
export async function plantWords(
  people: People,
  patient: NonNullable<CreateCaseBody['patient']>,
  { closed, open }: { closed: string; open: string },
): Promise<PlantedPath> {
  const texts: string[] = [];
  const plant = (name: string, place: string): string => {
    const text = `${name} ${place}`;
    texts.push(text);
    return text;
  };
  const done = <T>(answer: Answer<T>): T => {
    if (answer.status >= 300) throw new Error(`${answer.status} ${JSON.stringify(answer.body)}`);
    return answer.body;
  };
  const { submitter, coordinator, national } = people;

  const contentOf = (what: string): CreateCaseBody => ({
    patient,
    prescriber: {
      name: plant(closed, `prescriber ${what}`),
      speciality: plant(closed, `speciality ${what}`),
    },
    specimens: [
      {
        id: 's1',
        site: 'C77.3',
        label: plant(open, `specimen ${what}`),
        sampleType: 'excision',
        sampledOn: '2026-11-02',
        fixative: 'formalin',
        frozenTissueKept: true,
      },
    ],
    ancillaryTests: [
      {
        id: 't1',
        kind: 'immunohistochemistry',
        name: plant(open, `test ${what}`),
        result: 'positive',
        detail: plant(open, `test detail ${what}`),
      },
    ],
    clinicalInformation: plant(open, `clinical ${what}`),
    firstDiagnosis: {
      formal: true,
      morphology: '9690/3',
      text: plant(open, `diagnosis ${what}`),
      date: '2026-11-06',
    },
    question: plant(open, `question ${what}`),
    wishedExpert: { userId: people.reviewer.userId, reason: plant(open, `wish ${what}`) },
  });

  const reading = await startReading(people, contentOf('read'));
  const { caseId, reviewId, slideId, reader } = reading;
  done(
    await submitter.patch(`/api/slides/${slideId}`, {
      stain: plant(open, 'stain'),
      block: plant(open, 'block'),
    }),
  );
  done(await submitter.post(`/api/cases/${caseId}/messages`, { text: plant(open, 'message') }));
  const parcel = done(
    await submitter.post<Shipment>(`/api/cases/${caseId}/shipments`, {
      items: [
        {
          kind: 'glass_slide',
          label: plant(closed, 'parcel label'),
          count: 1,
          stain: plant(open, 'parcel stain'),
        },
      ],
      carrier: `${open} first carrier`,
      note: plant(closed, 'parcel note'),
    }),
  );
  done(
    await submitter.patch(`/api/cases/${caseId}/shipments/${parcel.id}`, {
      sentOn: '2026-11-20',
      carrier: plant(open, 'carrier'),
      trackingNumber: plant(open, 'tracking'),
    }),
  );
  done(
    await submitter.post(`/api/cases/${caseId}/patient`, { patient, reason: plant(closed, 'correction') }),
  );
  const annotationId = randomUUID();
  const shape = { type: 'point', points: [[10, 10]] };
  const at = `/api/slides/${slideId}/annotations/${annotationId}`;
  for (const baseVersion of [0, 1])
    done(
      await reader.put(at, {
        reviewId,
        baseVersion,
        shape,
        label: plant(open, `shape label ${baseVersion}`),
        note: plant(open, `shape note ${baseVersion}`),
      }),
    );
  const ask = async (what: string) =>
    done(
      await reader.post<MaterialRequest>(`/api/reviews/${reviewId}/material-requests`, {
        items: [{ kind: 'stain', detail: plant(closed, `material detail ${what}`) }],
        reason: plant(closed, `material reason ${what}`),
      }),
    );
  const asked = await ask('answered');
  done(
    await submitter.post(`/api/material-requests/${asked.id}/answer`, {
      comment: plant(closed, 'material answer'),
    }),
  );
  const given = await ask('given up');
  done(await reader.post(`/api/material-requests/${given.id}/cancel`));
  const words = (what: string) =>
    opinion({
      microscopy: plant(open, `microscopy ${what}`),
      ancillary: plant(open, `ancillary ${what}`),
      conclusion: plant(open, `conclusion ${what}`),
      concordance: {
        agreement: 'concordant',
        types: [],
        therapeuticImpact: 'none',
        comment: plant(open, `concordance ${what}`),
      },
      recommendation: plant(open, `recommendation ${what}`),
    });
  done(await reader.put(`/api/reviews/${reviewId}/report-draft`, { version: 0, content: words('draft') }));
  const signed = done(
    await reader.post<Report>(`/api/reviews/${reviewId}/sign-out`, {
      kind: 'final',
      password: PASSWORD,
      content: words('signed'),
    }),
  );
  const corrected = done(
    await reader.post<Report>(`/api/reports/${signed.id}/amend`, {
      kind: 'correction',
      password: PASSWORD,
      text: plant(open, 'why corrected'),
      content: words('corrected'),
    }),
  );

  const sent = await sendByPost(submitter, {
    ...contentOf('withdrawn'),
    contestedRouting: { reason: plant(open, 'contest') },
  });
  const dispatched = done(
    await national.post<CasePage>(`/api/cases/${sent.id}/dispatch`, {
      networkIds: ['LYMPHOPATH'],
      reason: plant(open, 'dispatch'),
    }),
  );
  const held = dispatched.reviews[0];
  done(await coordinator.post(`/api/reviews/${held?.id}/admit`, { reason: plant(open, 'admit') }));
  done(
    await coordinator.patch(`/api/cases/${sent.id}/shipments/${sent.shipments[0]?.id}`, {
      receivedOn: '2026-11-23',
      condition: 'damaged',
      remarks: plant(open, 'parcel remarks'),
    }),
  );
  const review = done(await submitter.get<CasePage>(`/api/cases/${sent.id}`)).reviews[0];
  const readers: Client[] = [people.reviewer, people.otherReviewer];
  const first = readers.find(({ userId }) => userId === review?.assignment?.reviewer.id);
  if (!review || !first) throw new Error('nobody reads the dispatched case');
  done(await first.post(`/api/reviews/${review.id}/decline`, { reason: plant(open, 'decline') }));
  done(
    await coordinator.post(`/api/reviews/${review.id}/assign`, {
      reviewerId: first.userId,
      reason: plant(open, 'assign'),
    }),
  );
  const withdrawn = done(
    await submitter.post<CasePage>(`/api/cases/${sent.id}/withdraw`, { reason: plant(closed, 'withdrawal') }),
  );

  return {
    texts,
    reading,
    withdrawn,
    ids: {
      caseId: [caseId, sent.id],
      reviewId: [reviewId, review.id],
      slideId: [slideId],
      annotationId: [annotationId],
      reportId: [signed.id, corrected.id],
      shipmentId: [parcel.id, ...withdrawn.shipments.map(({ id }) => id)],
      attachmentId: withdrawn.attachments.map(({ id }) => id),
      requestId: [asked.id, given.id],
    },
  };
}
