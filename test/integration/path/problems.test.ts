import { expect } from 'chai';
import { completeContent, createCase, sendByPost } from '../../factories/cases.js';
import { makePeople, type People } from '../../factories/people.js';
import { problemOf, startTestApp, type TestApp } from '../../support/app.js';

describe('problems', () => {
  let app: TestApp;
  let people: People;

  before(async () => {
    app = await startTestApp();
    people = await makePeople(app);
  });
  after(() => app.stop());

  const unborn = { ...completeContent().patient, birthDate: '2061-01-01' };

  it('refuse at once a patient who is not born, with a sentence in the language asked for', async () => {
    const ask = (language: string) =>
      people.submitter.call('POST', '/api/cases', { patient: unborn }, { 'Accept-Language': language });
    const french = problemOf(await ask('fr-FR'));
    expect(french.code).to.equal('INVALID_INPUT');
    expect(french.fields).to.deep.equal([
      {
        path: 'patient.birthDate',
        code: 'birth_in_future',
        message: 'La date de naissance est dans le futur.',
      },
    ]);
    const english = problemOf(await ask('en'));
    expect(english.fields?.[0]?.message).to.equal('The date of birth lies in the future.');

    const draft = await createCase(people.submitter);
    const saved = await people.submitter.patch(`/api/cases/${draft.id}`, {
      version: draft.version,
      content: { patient: unborn },
    });
    expect(problemOf(saved).fields?.[0]?.code).to.equal('birth_in_future');
  });

  it('refuse a corrected patient who is younger than the sample', async () => {
    const sent = await sendByPost(people.submitter);
    const correct = (birthDate: string) =>
      people.submitter.call(
        'POST',
        `/api/cases/${sent.id}/patient`,
        { patient: { ...completeContent().patient, birthDate }, reason: 'Erreur de saisie.' },
        { 'Accept-Language': 'en' },
      );
    const refused = problemOf(await correct('2026-11-20'));
    expect(refused.code).to.equal('CASE_CONTRADICTION');
    expect(refused.fields?.map(({ code }) => code)).to.include('sample_before_birth');
    expect(refused.fields?.[0]?.message).to.match(/^The /);
    expect((await correct('1968-04-13')).status).to.equal(200);
  });

  it('carry the number of their request wherever they come from', async () => {
    const nobody = '0'.repeat(24);
    const tile = `/api/slides/${nobody}/tiles/0/0/0`;
    const answers = [
      await people.submitter.get('/api/cases/nothing'),
      await people.submitter.get(tile),
      await people.submitter.get(`/api/slides/${nobody}/thumbnail`),
      // In front of express: with the cookie of an image, or with nothing.
      await app.anonymous.call('GET', tile, undefined, { Cookie: people.submitter.cookies }),
      await app.anonymous.get(`/api/slides/${nobody}/label`),
      // The library's own refusals, and ours inside it.
      await people.submitter.call('POST', '/api/uploads', undefined, { 'Tus-Resumable': '1.0.0' }),
      await people.submitter.call('POST', '/api/uploads', undefined, {
        'Tus-Resumable': '1.0.0',
        'Upload-Length': '10',
        'Upload-Metadata': `caseId ${Buffer.from(nobody).toString('base64')}`,
      }),
    ];
    for (const [index, answer] of answers.entries()) {
      expect(answer.status, String(index)).to.be.within(400, 499);
      expect(problemOf(answer).requestId, `${index} ${problemOf(answer).code}`)
        .to.be.a('string')
        .and.match(/\S/);
    }
  });

  it('are listed by the document with each route, and so is the HEAD of an upload', () => {
    const { paths } = app.app.document() as {
      paths: Record<string, Record<string, { responses: Record<string, { 'x-codes'?: string[] }> }>>;
    };
    const codes = (path: string, method: string) =>
      Object.values(paths[path]?.[method]?.responses ?? {}).flatMap((response) => response['x-codes'] ?? []);
    expect(codes('/api/uploads/{uploadId}', 'head')).to.include('UPLOAD_GONE');
    expect(codes('/api/uploads/{uploadId}', 'patch')).to.include('UPLOAD_OFFSET_CONFLICT');
    expect(codes('/api/cases/{caseId}/submit', 'post')).to.include.members([
      'CASE_INCOMPLETE',
      'CASE_CONTRADICTION',
      'NOT_SIGNED_IN',
      'FORBIDDEN',
    ]);
    expect(codes('/api/cases', 'get')).to.not.include('CASE_INCOMPLETE');
  });
});
