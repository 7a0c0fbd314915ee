import type { CasePage } from '@relecture/shared/cases/page.js';
import { expect } from 'chai';
import { submitByPost } from '../../factories/cases.js';
import { makePeople, type People } from '../../factories/people.js';
import { type Client, problemOf, startTestApp, type TestApp } from '../../support/app.js';

interface Operation {
  'x-policy': string;
  'x-roles': string[];
  responses: Record<string, { 'x-codes'?: string[] }>;
  requestBody?: { content: Record<string, { example?: unknown }> };
}

const ROLES = ['submitter', 'preparer', 'reviewer', 'coordinator', 'admin'] as const;

/** Every route of the OpenAPI document, with every role and with none. */
describe('rights', () => {
  let app: TestApp;
  let people: People;

  before(async () => {
    app = await startTestApp();
    people = await makePeople(app);
  });
  after(() => app.stop());

  const operations = () => {
    const { paths } = app.app.document() as { paths: Record<string, Record<string, Operation>> };
    return Object.entries(paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
    );
  };
  /** An address that no record has: what is left is who may ask at all. */
  const address = (path: string) =>
    path
      .replace('{annotationId}', '6f1f3f80-5f0c-4c39-9d55-0d6e3f0f2b11')
      .replace(/\{(level|column|row)\}/g, '0')
      .replace('{code}', 'C50.9')
      .replace(/\{[A-Za-z]+\}/g, '000000000000000000000000');

  it('describes a good part of the product', () => {
    expect(operations().length).to.be.greaterThan(40);
  });

  it('gives every route a policy, and every body an example', () => {
    const bare = operations().filter(({ operation }) => !operation['x-policy'] || !operation['x-roles']);
    expect(bare.map(({ method, path }) => `${method} ${path}`)).to.deep.equal([]);
    const without = operations().filter(
      ({ operation }) =>
        operation.requestBody?.content['application/json'] &&
        !('example' in operation.requestBody.content['application/json']),
    );
    expect(without.map(({ method, path }) => `${method} ${path}`)).to.deep.equal([]);
  });

  it('answers nobody without a session, but for what is public', async () => {
    for (const { path, method, operation } of operations()) {
      if (operation['x-policy'] === 'anyone') continue;
      const answer = await app.anonymous.call(method.toUpperCase(), address(path));
      expect(answer.status, `${method} ${path}`).to.equal(401);
      // Answers to HEAD have no body.
      if (method === 'head') continue;
      const { code, requestId } = problemOf(answer);
      expect(code, `${method} ${path}`).to.equal('NOT_SIGNED_IN');
      expect(requestId, `${method} ${path}`).to.be.a('string').and.match(/\S/);
    }
  });

  it('forbids each route to the roles it does not name, and never answers 500', async () => {
    const clients: Record<(typeof ROLES)[number], Client> = people;
    for (const { path, method, operation } of operations()) {
      if (operation['x-policy'] === 'anyone' || path.startsWith('/api/auth/')) continue;
      for (const role of ROLES) {
        const answer = await clients[role].call(
          method.toUpperCase(),
          address(path),
          ['get', 'head'].includes(method) ? undefined : {},
        );
        const allowed = operation['x-roles'].length === 0 || operation['x-roles'].includes(role);
        const what = `${role} ${method} ${path} -> ${answer.status}`;
        if (!allowed) expect(answer.status, what).to.equal(403);
        else expect(answer.status, what).to.be.lessThan(500);
        if (answer.status >= 400 && method !== 'head') {
          const listed = operation.responses[String(answer.status)]?.['x-codes'];
          expect(listed, `the document of ${what}`).to.include(problemOf(answer).code);
        }
      }
    }
  });

  it('hides a case from whoever has nothing to do with it, as if it did not exist', async () => {
    const sent = await submitByPost(people);
    for (const client of [people.stranger, people.admin]) {
      const answer = await client.get(`/api/cases/${sent.id}`);
      expect(problemOf(answer).code).to.equal('NOT_FOUND');
    }
    const attachmentPath = `/api/cases/${sent.id}/attachments/${sent.attachments[0]?.id}`;
    expect((await people.submitter.get(attachmentPath)).status).to.equal(200);
    for (const client of [people.stranger, people.admin, people.coordinator, people.national]) {
      expect((await client.get(attachmentPath)).status).to.be.oneOf([403, 404]);
    }
  });

  it('shows the identity to the sender’s house and the assigned reviewer, the number to coordinators', async () => {
    const sent = await submitByPost(people);
    const assigned = sent.reviews[0]?.assignment?.reviewer.id;
    const reader = [people.reviewer, people.otherReviewer].find(({ userId }) => userId === assigned);
    expect(reader, 'somebody reads it').to.not.equal(undefined);
    for (const client of [people.submitter, people.preparer, reader as Client]) {
      const { body } = await client.get<CasePage>(`/api/cases/${sent.id}`);
      expect(body.patient?.birthName).to.equal('KERVELLA');
    }
    for (const client of [people.coordinator, people.national]) {
      const { status, body } = await client.get<CasePage>(`/api/cases/${sent.id}`);
      expect(status).to.equal(200);
      expect(body.patient).to.equal(null);
      expect(body.attachments).to.deep.equal([]);
      expect(JSON.stringify(body)).to.not.contain('KERVELLA');
      expect(body.number).to.match(/^R\d\d-\d{6}$/);
    }
  });
});
