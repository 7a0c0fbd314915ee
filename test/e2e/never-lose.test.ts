import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Annotation } from '@relecture/shared/annotations/schema.js';
import { expect } from 'chai';
import type { Browser, Page } from 'playwright-core';
import { makeOrganisation, makeUser, PASSWORD } from '../factories/people.js';
import { type Reading, startReading } from '../factories/readings.js';
import { killServers, type ServerProcess, startServer } from '../integration/house/server-process.js';
import { startTestApp } from '../support/app.js';
import { keepScreens, openBrowser, openPerson, type Person, signIn } from '../support/browser.js';
import { drawRectangle } from './drawing.js';

const READER = 'relecteur@relecture.test';

describe('nothing is lost when the server dies in the middle of a reading', function () {
  this.timeout(240_000);
  let folder: string;
  let reading: Reading;
  let browser: Browser;
  let reader: Person;
  let server: ServerProcess;
  let settings: Record<string, string>;
  let port: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'relecture-never-lose-'));
    // The embedded store, whatever the other tests run on: its files are what the crash must leave whole.
    settings = {
      NODE_ENV: 'test',
      DATA_DIR: join(folder, 'data'),
      UPLOADS_DIR: join(folder, 'uploads'),
      LOG_LEVEL: 'warn',
    };
    reading = await prepareReading(settings);
    browser = await openBrowser();
    server = startServer(settings);
    port = new URL(await server.listening()).port;
    reader = await openPerson(browser, `http://127.0.0.1:${port}`);
  });
  afterEach(async function () {
    if (this.currentTest?.state === 'failed') await keepScreens({ reader });
    await browser?.close();
    await killServers();
    await rm(folder, { recursive: true, force: true });
  });

  it('keeps what was drawn and written before, during and after', async () => {
    const page = await openRoom();
    const items = page.getByTestId('annotation-item');
    const state = (mood: string) => page.locator(`[data-testid=saved-state][data-mood=${mood}]`);

    await drawRectangle(page, 0.25, 0.25);
    await state('saved')
      .getByText(/^enregistré/)
      .waitFor();
    expect((await annotations()).length).to.equal(1);

    server.kill('SIGKILL');
    await server.ended;
    await drawRectangle(page, 0.45, 0.25);
    await drawRectangle(page, 0.25, 0.45);
    await page.getByRole('tab', { name: 'Compte rendu' }).click();
    await page.getByLabel('Conclusion').fill('Écrit pendant que le serveur était absent.');
    await state('retrying')
      .getByText(/copie locale gardée/)
      .waitFor();
    await page.getByRole('tab', { name: 'Annotations' }).click();
    expect(await items.count(), 'shapes shown while the server is away').to.equal(3);

    server = startServer({ ...settings, PORT: port });
    await server.listening();
    await state('saved').waitFor();
    expect((await annotations()).length, 'shapes on the server').to.equal(3);

    await page.reload();
    await items.nth(2).waitFor();
    expect(await items.count()).to.equal(3);
    await page.getByRole('tab', { name: 'Compte rendu' }).click();
    await page.getByText('Écrit pendant que le serveur était absent.').first().waitFor();
    expect(await page.getByLabel('Conclusion').inputValue()).to.equal(
      'Écrit pendant que le serveur était absent.',
    );
    expect(reader.faults).to.deep.equal([]);
  });

  it('sends on what waited when the page itself was closed meanwhile', async () => {
    const page = await openRoom();
    const address = page.url();
    server.kill('SIGKILL');
    await server.ended;
    await drawRectangle(page, 0.6, 0.55);
    await page.locator('[data-testid=saved-state][data-mood=retrying]').waitFor();
    await page.goto('about:blank');

    server = startServer({ ...settings, PORT: port });
    await server.listening();
    await page.goto(address);
    await page.getByTestId('annotation-item').first().waitFor();
    await page.locator('[data-testid=saved-state][data-mood=saved]').waitFor();
    expect((await annotations()).length).to.equal(1);
  });

  async function openRoom(): Promise<Page> {
    const { page } = reader;
    await signIn(page, READER, PASSWORD);
    await page.goto(`/reviews/${reading.reviewId}/read/${reading.slideId}`);
    await page.getByTestId('viewer-canvas').locator('canvas').first().waitFor();
    return page;
  }

  /** What the server has, asked by the same person from outside the page. */
  async function annotations(): Promise<Annotation[]> {
    const url = `http://127.0.0.1:${port}`;
    const signedIn = await fetch(`${url}/api/auth/sign-in`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ email: READER, password: PASSWORD }),
    });
    const { accessToken } = (await signedIn.json()) as { accessToken: string };
    const answer = await fetch(
      `${url}/api/slides/${reading.slideId}/annotations?reviewId=${reading.reviewId}`,
      { headers: { Authorization: `Bearer ${accessToken}` } },
    );
    const list = (await answer.json()) as { items: Annotation[] };
    return list.items.filter((annotation) => !annotation.deleted);
  }
});

/** A case with one slide, opened by the one reviewer of its network; made in this process, then left to the server's. */
async function prepareReading(settings: Record<string, string>): Promise<Reading> {
  const { TEST_MONGODB_URI: elsewhere } = process.env;
  delete process.env.TEST_MONGODB_URI;
  const app = await startTestApp(settings);
  try {
    const sender = await makeOrganisation();
    const expert = await makeOrganisation({ city: 'Lille', region: 'Hauts-de-France' });
    const submitter = await makeUser({ roles: ['submitter'], organisationId: sender._id });
    await makeUser({
      email: READER,
      roles: ['reviewer'],
      organisationId: expert._id,
      networks: [{ networkId: 'LYMPHOPATH', as: 'reviewer', competences: [] }],
    });
    const reviewer = await app.signIn(READER, PASSWORD);
    return await startReading({
      submitter: await app.signIn(submitter.email, PASSWORD),
      reviewer,
      otherReviewer: app.anonymous,
    });
  } finally {
    await app.stop();
    if (elsewhere !== undefined) process.env.TEST_MONGODB_URI = elsewhere;
  }
}
