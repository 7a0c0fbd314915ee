import { type ColumnMapping, EXPORT_COLUMNS } from '@relecture/shared/monitoring/schema.js';
import { expect } from 'chai';
import { makePeople, PASSWORD, type People } from '../../factories/people.js';
import { opinion, startReading } from '../../factories/readings.js';
import { type Client, startTestApp, type TestApp } from '../../support/app.js';

interface Answer extends ColumnMapping {
  saved: boolean;
}

const PATH = '/api/board/columns/LYMPHOPATH';
const MAPPING: ColumnMapping = {
  columns: [
    { column: 'status', header: 'STATUT' },
    { column: 'number', header: 'ID_DOSSIER' },
    { column: 'agreement', header: 'CONCORDANCE' },
    { column: 'impact', header: 'IMPACT' },
    { column: 'readMorphologyCode', header: 'CIMO3' },
    { column: 'signedOn', header: '=DATE' },
  ],
  values: 'codes',
};

describe('the columns of a network’s own database', () => {
  let app: TestApp;
  let people: People;
  let number: string;
  let signedOn: string;

  before(async () => {
    app = await startTestApp();
    people = await makePeople(app);
    const { reader, reviewId, caseNumber } = await startReading(people);
    number = caseNumber;
    const signed = await reader.post(`/api/reviews/${reviewId}/sign-out`, {
      kind: 'final',
      password: PASSWORD,
      content: opinion({
        morphology: '9680/3',
        concordance: {
          agreement: 'discordant',
          types: ['entity'],
          therapeuticImpact: 'major',
          comment: 'DLBCL',
        },
      }),
    });
    if (signed.status !== 201) throw new Error(JSON.stringify(signed.body));
    signedOn = new Intl.DateTimeFormat('en-CA', { timeZone: 'Europe/Paris' }).format(new Date());
  });
  after(() => app.stop());

  const table = async (client: Client, query: string) => {
    const answer = await client.get<Buffer>(`/api/board/export.csv?${query}`);
    return {
      status: answer.status,
      lines: answer.body.toString('utf8').replace('\ufeff', '').trimEnd().split('\n'),
    };
  };

  it('are everybody’s until the network chooses', async () => {
    const { body } = await people.coordinator.get<Answer>(PATH);
    expect(body.saved).to.equal(false);
    expect(body.columns.map(({ column }) => column)).to.deep.equal([...EXPORT_COLUMNS]);
    const plain = await table(people.coordinator, 'networkId=LYMPHOPATH');
    const mapped = await table(people.coordinator, 'networkId=LYMPHOPATH&mapped=true');
    expect(mapped.lines).to.deep.equal(plain.lines);
    expect(plain.lines[0]?.split(';')).to.have.length(EXPORT_COLUMNS.length);
    expect(plain.lines[1]).to.include('Lymphome').and.include(';Majeur;').and.include(';Entité;');
  });

  it('go out in the order, under the names and with the codes chosen', async () => {
    expect((await people.coordinator.put<Answer>(PATH, MAPPING)).body).to.deep.include({
      ...MAPPING,
      saved: true,
    });
    const { lines } = await table(people.national, 'networkId=LYMPHOPATH&mapped=true');
    expect(lines).to.deep.equal([
      // A name that looks like a formula is text, as everything else.
      "STATUT;ID_DOSSIER;CONCORDANCE;IMPACT;CIMO3;'=DATE",
      `signed;${number};discordant;major;9680/3;${signedOn}`,
    ]);
    const workbook = await people.coordinator.get<Buffer>(
      '/api/board/export.xlsx?networkId=LYMPHOPATH&mapped=true',
    );
    expect(workbook.status).to.equal(200);
    // Whoever does not ask for them has the usual ones.
    expect((await table(people.coordinator, 'networkId=LYMPHOPATH')).lines[0]).to.match(/^Dossier;Réseau;/);
  });

  it('are one network’s, and its coordinators’', async () => {
    expect((await table(people.coordinator, 'mapped=true')).status).to.equal(400);
    for (const client of [people.reviewer, people.submitter, people.admin]) {
      expect((await client.get(PATH)).status).to.equal(403);
      expect((await client.put(PATH, MAPPING)).status).to.equal(403);
    }
    for (const networkId of ['NETSARC%2B', 'nowhere'])
      expect((await people.coordinator.put(`/api/board/columns/${networkId}`, MAPPING)).status).to.equal(404);
  });

  it('have names of their own', async () => {
    const [first] = MAPPING.columns;
    const refused = [
      { ...MAPPING, columns: [] },
      { ...MAPPING, columns: [first, { column: 'number', header: 'STATUT' }] },
      { ...MAPPING, columns: [first, { column: 'status', header: 'AUTRE' }] },
      { ...MAPPING, columns: [{ column: 'number', header: ' ' }] },
      { ...MAPPING, columns: [{ column: 'patientName', header: 'NOM' }] },
    ];
    for (const body of refused) expect((await people.coordinator.put(PATH, body)).status).to.equal(400);
  });

  it('are given back by a word', async () => {
    expect((await people.coordinator.delete(PATH)).status).to.equal(204);
    expect((await people.coordinator.get<Answer>(PATH)).body.saved).to.equal(false);
  });
});
