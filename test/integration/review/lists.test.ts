import type { CasePage } from '@relecture/shared/cases/page.js';
import type { Review, ReviewRow } from '@relecture/shared/reviews/schema.js';
import type { User } from '@relecture/shared/users/schema.js';
import { expect } from 'chai';
import { submitByPost } from '../../factories/cases.js';
import { makePeople, makeUser, PASSWORD, type People } from '../../factories/people.js';
import { type Client, startTestApp, type TestApp } from '../../support/app.js';

interface Page {
  items: ReviewRow[];
  next: string | null;
  total: number | null;
}

describe('lists of readings', () => {
  let app: TestApp;
  let people: People;
  let reader: Client;
  const sent: CasePage[] = [];

  before(async () => {
    app = await startTestApp();
    people = await makePeople(app);
    for (let count = 0; count < 3; count += 1) sent.push(await submitByPost(people));
    const first = sent[0]?.reviews[0]?.assignment?.reviewer.id;
    reader = first === people.reviewer.userId ? people.reviewer : people.otherReviewer;
  });
  after(() => app.stop());

  const read = async (client: Client, query: string) =>
    (await client.get<Page>(`/api/reviews?${query}`)).body;

  it('say how many there are with the first page, and only with it', async () => {
    const first = await read(people.coordinator, 'scope=network&limit=2');
    expect(first.total).to.equal(3);
    const rest = await read(people.coordinator, `scope=network&limit=2&after=${first.next}`);
    expect(rest.total).to.equal(null);
    expect([...first.items, ...rest.items]).to.have.length(3);
  });

  it('come by age, oldest first, page by page, nothing lost or said twice', async () => {
    const ids: string[] = [];
    let after = '';
    do {
      const page = await read(people.national, `scope=network&sort=age&limit=1${after}`);
      ids.push(...page.items.map(({ caseId }) => caseId));
      after = page.next === null ? '' : `&after=${page.next}`;
    } while (after !== '');
    expect(ids).to.deep.equal(sent.map(({ id }) => id));
  });

  it('go out as a table of one’s own networks, a line each, without the patient', async () => {
    const table = async (client: Client, query = '') => {
      const answer = await client.get<Buffer | string>(`/api/board/export.csv${query}`);
      const text = Buffer.isBuffer(answer.body) ? answer.body.toString('utf8') : String(answer.body);
      return { answer, lines: text.trimEnd().split('\n') };
    };
    const { answer, lines } = await table(people.coordinator);
    expect(answer.headers.get('content-type')).to.match(/^text\/csv/);
    expect(answer.headers.get('content-disposition')).to.match(/filename="relecture-[0-9-]+\.csv"/);
    expect(lines[0]).to.match(/^\ufeff?Dossier;Réseau;Niveau de lecture;/);
    expect(lines.slice(1).map((line) => line.split(';')[0])).to.deep.equal(sent.map(({ number }) => number));
    expect(lines[1])
      .to.include('LYMPHOPATH')
      .and.include('Lymphome folliculaire')
      .and.include('Relecture systématique');
    expect(lines.join('\n')).to.not.match(/KERVELLA|Maïwenn|26H04512/);
    expect((await table(people.national, '?from=2020-01-01&to=2020-12-31')).lines).to.have.length(1);
    const elsewhere = await makePeople(app, 'NETSARC+');
    expect((await table(elsewhere.coordinator)).lines).to.have.length(1);
    expect((await table(elsewhere.coordinator, '?networkId=LYMPHOPATH')).answer.status).to.equal(404);
    expect((await table(people.reviewer)).answer.status).to.equal(403);
    const workbook = await people.coordinator.get('/api/board/export.xlsx');
    expect(workbook.status).to.equal(200);
    expect(workbook.headers.get('content-disposition')).to.match(/filename="relecture-[0-9-]+\.xlsx"/);
    expect((await people.reviewer.get('/api/board/export.xlsx')).status).to.equal(403);
    expect((await elsewhere.coordinator.get('/api/board/export.xlsx?networkId=LYMPHOPATH')).status).to.equal(
      404,
    );
  });

  it('show a preparer what the experts of the house read, and nobody else’s', async () => {
    const home = (await reader.get<User>('/api/users/me')).body.organisation.id;
    const account = await makeUser({ roles: ['preparer'], organisationId: home });
    const preparer = await app.signIn(account.email, PASSWORD);
    const seen = await read(preparer, '');
    const own = await read(reader, '');
    expect(seen.items.map(({ id }) => id)).to.deep.equal(own.items.map(({ id }) => id));
    expect(seen.total).to.be.greaterThan(0);
    expect((await preparer.get(`/api/cases/${seen.items[0]?.caseId}`)).status).to.equal(200);
    // The sender's own preparer reads for nobody.
    expect((await read(people.preparer, '')).items).to.deep.equal([]);
    expect((await read(preparer, 'scope=unassigned')).items).to.deep.equal([]);
  });

  it('tell since when a new reader has it from the day it was given to them, on every screen alike', async () => {
    const [, , last] = sent;
    const review = last?.reviews[0];
    if (!review) throw new Error('nothing was routed');
    const first = review.assignment?.reviewer.id;
    const next = first === people.reviewer.userId ? people.otherReviewer : people.reviewer;
    const given = await people.coordinator.post<Review>(`/api/reviews/${review.id}/assign`, {
      reviewerId: next.userId,
      reason: 'Congés.',
    });
    const since = given.body.assignment?.assignedAt;
    expect(since).to.be.a('string').and.not.equal(review.assignment?.assignedAt);
    expect(given.body.dueAt, 'the patient’s clock goes on').to.equal(review.dueAt);
    const row = ({ items }: Page) => items.find(({ id }) => id === review.id);
    expect(row(await read(people.coordinator, 'scope=network'))).to.include({ since, dueAt: review.dueAt });
    expect(row(await read(next, ''))).to.include({ since });
    for (;;) {
      const page = (await people.submitter.get<CasePage>(`/api/cases/${review.caseId}`)).body;
      // The projection follows the event: asked again until it has.
      if (page.heldBy === given.body.assignment?.reviewer.displayName) {
        expect(page.since).to.equal(since);
        break;
      }
    }
  });

  it('name the case in each line of the access log that is about one', async () => {
    const [first] = sent;
    await people.submitter.get(`/api/cases/${first?.id}`);
    const log = await people.admin.get<{
      items: Array<{ action: string; recordKind: string; recordId: string; caseNumber: string | null }>;
    }>('/api/admin/audit?limit=200');
    const lines = log.body.items;
    expect(lines.find(({ recordId }) => recordId === first?.id)?.caseNumber).to.equal(first?.number);
    const reading = first?.reviews[0]?.id;
    expect(lines.find(({ recordId }) => recordId === reading)?.caseNumber).to.equal(first?.number);
    expect(lines.find(({ recordKind }) => recordKind === 'user')?.caseNumber).to.equal(null);
    expect(JSON.stringify(lines)).to.not.contain('KERVELLA');
  });
});
