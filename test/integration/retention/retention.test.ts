import { readdir } from 'node:fs/promises';
import { readAccessLog } from '@relecture/server/platform/access-log.js';
import { runAt } from '@relecture/server/platform/clock.js';
import { applyRetention } from '@relecture/server/retention/index.js';
import type { CasePage } from '@relecture/shared/cases/page.js';
import type { Report } from '@relecture/shared/reports/schema.js';
import type { SlideRules } from '@relecture/shared/users/schema.js';
import { expect } from 'chai';
import { makePeople, PASSWORD, type People } from '../../factories/people.js';
import { opinion, type Reading, startReading } from '../../factories/readings.js';
import { startTestApp, type TestApp } from '../../support/app.js';

const MONTH_MS = 31 * 24 * 3600_000;

describe('what an organisation decided on the slides of signed cases', () => {
  let app: TestApp;
  let people: People;

  beforeEach(async () => {
    app = await startTestApp();
    people = await makePeople(app);
  });
  afterEach(() => app.stop());

  const decide = async (rules: Partial<SlideRules>) => {
    const path = `/api/admin/organisations/${people.senderOrganisationId}/slide-rules`;
    const body = { labels: 'keep', quotaBytes: null, retentionMonths: null, ...rules };
    expect((await people.admin.put(path, body)).status).to.equal(200);
  };
  const sign = async ({ reader, reviewId }: Reading): Promise<Report> => {
    const body = { kind: 'final', password: PASSWORD, content: opinion() };
    const answer = await reader.post<Report>(`/api/reviews/${reviewId}/sign-out`, body);
    expect(answer.status).to.be.oneOf([200, 201]);
    return answer.body;
  };
  const page = async ({ caseId }: Reading) =>
    (await people.submitter.get<CasePage>(`/api/cases/${caseId}`)).body;
  const later = (months: number) => new Date(Date.now() + months * MONTH_MS);
  const apply = (months: number) => runAt(later(months), () => applyRetention());
  /** Asks until the listeners have done their part. */
  const files = async (): Promise<string[]> =>
    (await readdir(app.config.uploadsDir, { recursive: true })).map((path) => path.split('/').at(-1) ?? '');
  const filesUntil = async (holds: (names: string[]) => boolean): Promise<void> => {
    while (!holds(await files()));
  };
  const status = async ({ slideId }: Reading, path: string) =>
    (await people.submitter.get(`/api/slides/${slideId}/${path}`)).status;

  it('purges slides so many months after the last signature, and says when and by whose rule', async () => {
    await decide({ retentionMonths: 6 });
    const reading = await startReading(people);
    expect(await apply(12)).to.deep.equal({ labels: 0, slides: 0 });
    const report = await sign(reading);
    expect(await apply(5)).to.deep.equal({ labels: 0, slides: 0 });
    expect(await status(reading, 'tiles/0/0/0')).to.equal(200);
    expect(await apply(7)).to.deep.equal({ labels: 0, slides: 1 });
    await filesUntil((names) => !names.includes('slide'));
    expect(await files()).not.to.include('label');
    const after = await page(reading);
    const [slide] = after.slides;
    expect(slide).to.deep.include({ state: 'purged', sha256: reading.slideSha256, hasLabel: false });
    expect(slide?.purge).to.deep.include({ months: 6 });
    expect(slide?.purge?.organisation).to.equal(after.organisation.name);
    expect(await status(reading, 'tiles/0/0/0')).to.equal(409);
    expect(after.timeline.map(({ event }) => event)).to.include('slide.purged');
    const log = await readAccessLog({ recordId: reading.slideId }, null, 50);
    expect(log.map(({ action }) => action)).to.include('slide.purged');
    expect((await people.submitter.get(`/api/reports/${report.id}.pdf`)).status).to.equal(200);
    expect(await apply(8)).to.deep.equal({ labels: 0, slides: 0 });
    const usage = await people.admin.get<{ items: Array<{ organisationId: string; bytes: number }> }>(
      '/api/admin/slide-usage',
    );
    expect(
      usage.body.items.find(({ organisationId }) => organisationId === people.senderOrganisationId)?.bytes,
    ).to.equal(0);
  });

  it('keeps what somebody asked to keep, and destroys it once that is lifted', async () => {
    await decide({ retentionMonths: 1, labels: 'destroy_after_sign_out' });
    const reading = await startReading(people);
    await sign(reading);
    const hold = (held: boolean, by = people.submitter) =>
      by.put<CasePage>(`/api/cases/${reading.caseId}/legal-hold`, { held, reason: 'Procédure en cours' });
    expect((await hold(true, people.stranger)).status).to.equal(404);
    expect((await hold(true, people.preparer)).status).to.equal(403);
    expect((await hold(true)).body.legalHold?.reason).to.equal('Procédure en cours');
    expect(await apply(3)).to.deep.equal({ labels: 0, slides: 0 });
    expect((await reading.reader.get<CasePage>(`/api/cases/${reading.caseId}`)).body.legalHold).not.to.equal(
      null,
    );
    await hold(false);
    expect(await apply(3)).to.deep.equal({ labels: 0, slides: 1 });
  });

  it('destroys label images after the signature and never before; the slide stays', async () => {
    await decide({ labels: 'destroy_after_sign_out' });
    const reading = await startReading(people);
    expect(await apply(1)).to.deep.equal({ labels: 0, slides: 0 });
    expect(await status(reading, 'label')).to.equal(200);
    await sign(reading);
    expect(await apply(0)).to.deep.equal({ labels: 1, slides: 0 });
    await filesUntil((names) => !names.includes('label') && !names.includes('macro'));
    expect(await status(reading, 'label')).to.equal(404);
    expect(await status(reading, 'macro')).to.equal(404);
    expect(await status(reading, 'tiles/0/0/0')).to.equal(200);
    const [slide] = (await page(reading)).slides;
    expect(slide).to.deep.include({ state: 'ready', hasLabel: false, hasMacro: false });
    expect(slide?.labelsDestroyedAt).to.be.a('string');
    expect(await apply(0)).to.deep.equal({ labels: 0, slides: 0 });
  });

  it('leaves everything of an organisation that decided nothing', async () => {
    const reading = await startReading(people);
    await sign(reading);
    expect(await apply(600)).to.deep.equal({ labels: 0, slides: 0 });
    expect(await status(reading, 'label')).to.equal(200);
  });
});
