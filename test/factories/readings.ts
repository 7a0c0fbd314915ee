import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ingestFile } from '@relecture/server/slides/index.js';
import { generateSyntheticSlide } from '@relecture/server/slides/synthetic/generate.js';
import { principalFromAuthorization } from '@relecture/server/users/index.js';
import type { CasePage } from '@relecture/shared/cases/page.js';
import type { CreateCaseBody } from '@relecture/shared/cases/schema.js';
import type { ReportContent } from '@relecture/shared/reports/schema.js';
import type { Review } from '@relecture/shared/reviews/schema.js';
import type { Client } from '../support/app.js';
import { attach, createCase } from './cases.js';
import type { People } from './people.js';

export const opinion = (overrides: Partial<ReportContent> = {}): ReportContent => ({
  microscopy: 'Architecture folliculaire.',
  ancillary: 'CD20 +, CD10 +, κ −, λ +.',
  conclusion: 'Lymphome folliculaire classique.',
  morphology: '9690/3',
  topography: 'C77.3',
  outcome: 'diagnosis',
  concordance: { agreement: 'concordant', types: [], therapeuticImpact: 'none', comment: '' },
  recommendation: '',
  ...overrides,
});

export interface Reading {
  readonly caseId: string;
  readonly caseNumber: string;
  readonly reviewId: string;
  readonly slideId: string;
  readonly slideSha256: string;
  /** The reviewer it was given to, and the network's other one. */
  readonly reader: Client;
  readonly other: Client;
}

let drawn: Promise<Buffer> | null = null;

/** The slide of every reading: drawn once, as drawing is most of what a reading costs. */
async function drawSlide(path: string): Promise<Buffer> {
  await generateSyntheticSlide({
    path,
    kind: 'he-lymphoid',
    width: 700,
    height: 500,
    seed: 7,
    mpp: 0.5,
    label: { examNumber: '26H04512', block: 'A1', stain: 'HES', laboratory: 'Laboratoire fictif' },
  });
  return await readFile(path);
}

/** A case with one readable slide, sent, given to a reviewer who has opened it. */
export async function startReading(
  people: Pick<People, 'submitter' | 'reviewer' | 'otherReviewer'>,
  overrides: CreateCaseBody = {},
): Promise<Reading> {
  const draft = await createCase(people.submitter, overrides);
  await attach(people.submitter, draft.id);
  const by = await principalFromAuthorization(`Bearer ${people.submitter.token}`);
  const folder = await mkdtemp(join(tmpdir(), 'relecture-reading-'));
  const path = join(folder, 'slide.svs');
  try {
    drawn ??= drawSlide(path);
    await writeFile(path, await drawn);
    const slide = await ingestFile(path, { caseId: draft.id, stain: 'HES', block: 'A1', by });
    if (slide.status !== 'ready' || !slide.sha256) throw new Error(`the slide is ${slide.status}`);
    const sent = await people.submitter.post<CasePage>(`/api/cases/${draft.id}/submit`, {});
    const review = sent.body.reviews?.[0];
    const readers = [people.reviewer, people.otherReviewer];
    const reader = readers.find(({ userId }) => userId === review?.assignment?.reviewer.id);
    const other = readers.find((client) => client !== reader);
    if (!review || !reader || !other) throw new Error(`nobody reads: ${JSON.stringify(sent.body)}`);
    const slideId = String(slide._id);
    const opened = await reader.post<Review>(`/api/reviews/${review.id}/open`, { slideId });
    if (opened.body.status !== 'in_review') throw new Error(`opening answered ${opened.status}`);
    return {
      caseId: draft.id,
      caseNumber: sent.body.number,
      reviewId: review.id,
      slideId,
      slideSha256: slide.sha256,
      reader,
      other,
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
