import { readAccessLog } from '@relecture/server/platform/access-log.js';
import type { BoardGroups } from '@relecture/shared/monitoring/schema.js';
import type { ReviewRow } from '@relecture/shared/reviews/schema.js';
import { expect } from 'chai';
import { makePeople, PASSWORD, type People } from '../../factories/people.js';
import { opinion, startReading } from '../../factories/readings.js';
import { type Client, startTestApp, type TestApp } from '../../support/app.js';

interface Page {
  items: ReviewRow[];
  total: number | null;
  next: string | null;
}

const TODAY = new Intl.DateTimeFormat('en-CA', { timeZone: 'Europe/Paris' }).format(new Date());

/** Six readings signed, four from one site and two from another; one of them discordant, one with material asked for. */
describe('the figures of the board lead to their readings', () => {
  let app: TestApp;
  let people: People;

  before(async () => {
    app = await startTestApp();
    people = await makePeople(app);
    for (let count = 0; count < 6; count += 1) {
      const { reader, reviewId } = await startReading(people, {
        ...(count < 4 ? {} : { primarySite: 'C77.0' }),
        intent: count === 5 ? 'advice' : 'systematic',
      });
      if (count === 0) {
        const asked = await reader.post<{ id: string }>(`/api/reviews/${reviewId}/material-requests`, {
          items: [{ kind: 'stain', detail: 'PD1' }],
          reason: 'À préciser.',
        });
        await people.submitter.post(`/api/material-requests/${asked.body.id}/answer`, { comment: 'PD1 +' });
      }
      const agreement = count === 1 ? ('discordant' as const) : ('concordant' as const);
      const signed = await reader.post(`/api/reviews/${reviewId}/sign-out`, {
        kind: 'final',
        password: PASSWORD,
        content: opinion({
          concordance: {
            agreement,
            types: agreement === 'discordant' ? ['entity'] : [],
            therapeuticImpact: agreement === 'discordant' ? 'minor' : 'none',
            comment: '',
          },
        }),
      });
      if (![200, 201].includes(signed.status))
        throw new Error(`signing answered ${signed.status} ${JSON.stringify(signed.body)}`);
    }
  });
  after(() => app.stop());

  const groups = async (client: Client, query: string) =>
    (await client.get<BoardGroups>(`/api/board/groups?${query}`)).body;
  const list = async (client: Client, query: string) =>
    (await client.get<Page>(`/api/reviews?scope=network&${query}`)).body;
  const total = async (query: string) => (await list(people.coordinator, query)).total;

  it('tells regions and sites apart', async () => {
    const region = await groups(people.coordinator, 'by=region');
    expect(region.groups.map(({ key, label, signed }) => ({ key, label, signed }))).to.deep.equal([
      { key: 'Bretagne', label: 'Bretagne', signed: 6 },
    ]);
    expect(region.groups[0]).to.deep.include({
      asked: 1,
      systematic: { signed: 5, partial: 0, discordant: 1 },
      advice: null,
    });
    const [site] = (await groups(people.coordinator, 'by=site&months=3')).groups;
    expect(site).to.include({ key: 'C77', signed: 6 });
    expect(site?.label).to.match(/ganglion/i);
    const [network] = (await groups(people.coordinator, 'by=network&months=12')).groups;
    expect(network).to.include({ key: 'LYMPHOPATH', signed: 6 });
  });

  it('tells readers apart only in the networks that one coordinates', async () => {
    const own = await groups(people.coordinator, 'by=reviewer');
    expect(own.groups.map(({ signed }) => signed)).to.deep.equal([6]);
    expect(own.groups[0]?.label).to.match(/^Dr Claude Personne/);
    expect(await groups(people.national, 'by=reviewer')).to.deep.include({ groups: [], few: 0 });
    expect((await groups(people.national, 'by=region')).groups).to.have.length(1);
    expect(
      (await people.coordinator.get('/api/board/groups?by=region&networkId=NETSARC%2B')).status,
    ).to.equal(404);
    expect((await people.reviewer.get('/api/board/groups?by=region')).status).to.equal(403);
  });

  it('lists just what each figure counted', async () => {
    const signed = `status=signed&signedFrom=${TODAY}&signedTo=${TODAY}`;
    expect(await total(signed)).to.equal(6);
    expect(await total('signedTo=2020-01-01')).to.equal(0);
    expect(await total(`${signed}&region=Bretagne`)).to.equal(6);
    expect(await total(`${signed}&region=Corse`)).to.equal(0);
    expect(await total(`${signed}&site=C77`)).to.equal(6);
    expect(await total(`${signed}&site=C44`)).to.equal(0);
    expect(await total(`${signed}&asked=true`)).to.equal(1);
    expect(await total(`${signed}&intent=advice`)).to.equal(1);
    expect(await total(`${signed}&intent=systematic&agreement=discordant`)).to.equal(1);
    expect(await total(`${signed}&intent=advice&agreement=discordant`)).to.equal(0);
    expect(await total(`openedFrom=${TODAY}`), 'ended ones too').to.equal(6);
    expect(await total('status=signed&ageTo=3')).to.equal(6);
    expect(await total('status=signed&ageFrom=3')).to.equal(0);
    expect((await people.coordinator.get('/api/reviews?scope=network&site=C77.3')).status).to.equal(400);
  });

  it('makes a report of the year of one’s own network, without any patient', async () => {
    const year = TODAY.slice(0, 4);
    const ask = (client: Client, query: string) => client.get<Buffer>(`/api/board/activity.pdf?${query}`);
    const report = await ask(people.coordinator, `networkId=LYMPHOPATH&year=${year}`);
    expect(report.status).to.equal(200);
    expect(report.headers.get('content-type')).to.equal('application/pdf');
    expect(report.headers.get('content-disposition')).to.include(`relecture-LYMPHOPATH-${year}.pdf`);
    expect(report.body.subarray(0, 5).toString()).to.equal('%PDF-');
    expect((await ask(people.national, 'networkId=LYMPHOPATH&year=2020')).status, 'an empty year').to.equal(
      200,
    );
    expect((await ask(people.coordinator, `networkId=NETSARC%2B&year=${year}`)).status).to.equal(404);
    expect((await ask(people.reviewer, `networkId=LYMPHOPATH&year=${year}`)).status).to.equal(403);
    expect((await ask(people.coordinator, 'networkId=LYMPHOPATH&year=12')).status).to.equal(400);
    const [logged] = await readAccessLog({ recordId: 'LYMPHOPATH' }, null, 1);
    expect(logged).to.include({ action: 'board.reported' });
  });

  it('gives them the latest first, page by page, nothing lost or said twice', async () => {
    for (const by of ['signedFrom', 'openedFrom'] as const) {
      const whole = (await list(people.national, `${by}=${TODAY}&limit=50`)).items;
      const dates = whole.map((row) => (by === 'signedFrom' ? row.signedAt : row.createdAt));
      expect(dates).to.deep.equal(dates.toSorted().reverse());
      const seen: string[] = [];
      let after: string | null = '';
      while (after !== null) {
        const page: Page = await list(people.national, `${by}=${TODAY}&limit=4${after && `&after=${after}`}`);
        seen.push(...page.items.map(({ id }) => id));
        after = page.next;
      }
      expect(seen).to.deep.equal(whole.map(({ id }) => id));
    }
  });
});
