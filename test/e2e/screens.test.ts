import { fileURLToPath } from 'node:url';
import type { CaseRow } from '@relecture/shared/cases/schema.js';
import type { ReviewRow } from '@relecture/shared/reviews/schema.js';
import type { Browser, Locator, Page } from 'playwright-core';
import { makeDemoCases } from '../factories/demo-cases.js';
import { makeOrganisation, makeUser, PASSWORD } from '../factories/people.js';
import { startTestApp, type TestApp } from '../support/app.js';
import { openBrowser, openPerson, type Person, signIn } from '../support/browser.js';
import { checkScreen } from './screen-checks.js';

const folder = fileURLToPath(new URL('../artifacts/screens', import.meta.url));
const SIZES = [
  { width: 1440, height: 900 },
  { width: 820, height: 1180 },
] as const;

const SUBMITTER = 'pathologiste@demo.test';
const FAR_SUBMITTER = 'pathologiste.cap@demo.test';
const READER = 'relecteur@demo.test';
const COORDINATOR = 'coordinateur@demo.test';
const ADMIN = 'admin@demo.test';
const NEW_SUBMITTER = 'nouveau@relecture.test';
const NEW_READER = 'nouvelle@relecture.test';

interface Screen {
  readonly name: string;
  readonly who: string | null;
  /** Goes there; what it returns must be on the screen. */
  readonly open: (page: Page) => Promise<Locator>;
}

describe('every screen', function () {
  this.timeout(180_000);
  let app: TestApp;
  let browser: Browser;
  const people = new Map<string | null, Person>();

  before(async () => {
    app = await startTestApp({ LOG_LEVEL: 'warn' });
    await makeDemoCases();
    const house = await makeOrganisation();
    await makeUser({ email: NEW_SUBMITTER, roles: ['submitter'], organisationId: house._id });
    await makeUser({
      email: NEW_READER,
      roles: ['reviewer'],
      organisationId: house._id,
      networks: [{ networkId: 'RESOS', as: 'reviewer', competences: [] }],
    });
    browser = await openBrowser();
  });
  after(async () => {
    await browser?.close();
    await app?.stop();
  });

  async function pageOf(who: string | null): Promise<Page> {
    const known = people.get(who);
    if (known) return known.page;
    const person = await openPerson(browser, app.url, { reducedMotion: 'reduce' });
    people.set(who, person);
    if (who) await signIn(person.page, who, PASSWORD);
    return person.page;
  }

  const screens: Screen[] = [
    {
      name: 'sign-in',
      who: null,
      open: async (page) => {
        await page.goto('/sign-in');
        return page.getByRole('button', { name: 'Se connecter' });
      },
    },
    at('cases', SUBMITTER, '/cases', (page) => page.getByTestId('case-row').first()),
    at('cases-empty', NEW_SUBMITTER, '/cases', (page) =>
      page.getByRole('link', { name: 'Nouveau dossier' }).first(),
    ),
    at('new-case', SUBMITTER, '/cases/new', (page) => page.getByText('Liste de contrôle')),
    {
      name: 'new-case-full',
      who: SUBMITTER,
      open: async (page) => {
        const draft = await findCase(SUBMITTER, (row) => row.progress === 'draft' && row.morphology !== null);
        await page.goto(`/cases/${draft.id}/edit`);
        await page.getByTestId('routing-panel').getByText('LYMPHOPATH').first().waitFor();
        return page.getByTestId('slide-row').first();
      },
    },
    ...(
      [
        'to_correct',
        'to_dispatch',
        'assigned',
        'in_review',
        'on_hold',
        'preliminary',
        'signed',
        'withdrawn',
        'clinical_pathway',
      ] as const
    ).map(
      (progress): Screen => ({
        name: `case-${progress.replaceAll('_', '-')}`,
        who: SUBMITTER,
        open: async (page) => {
          const found = await findCase(SUBMITTER, (row) => row.progress === progress);
          await page.goto(`/cases/${found.id}`);
          return page.getByTestId('timeline').getByRole('listitem').first();
        },
      }),
    ),
    {
      name: 'case-parcel',
      who: FAR_SUBMITTER,
      open: async (page) => {
        const found = await findCase(FAR_SUBMITTER, (row) => row.party === 'transfer');
        await page.goto(`/cases/${found.id}`);
        return page.getByTestId('timeline').getByRole('listitem').first();
      },
    },
    {
      name: 'case-parcel-correction',
      who: FAR_SUBMITTER,
      open: async (page) => {
        const found = await findCase(FAR_SUBMITTER, (row) => row.party === 'transfer');
        await page.goto(`/cases/${found.id}`);
        await page.getByTestId('shipment-row').getByRole('button', { name: 'Corriger' }).click();
        return page.getByRole('dialog').getByRole('button', { name: 'Enregistrer la correction' });
      },
    },
    at('worklist', READER, '/worklist', (page) => page.getByTestId('worklist-row').first()),
    {
      name: 'availability',
      who: READER,
      open: async (page) => {
        await page.goto('/availability');
        await page.getByRole('button', { name: 'Ajouter une absence' }).click();
        return page.getByTestId('leave');
      },
    },
    at('worklist-empty', NEW_READER, '/worklist', (page) => page.getByRole('heading', { level: 1 })),
    {
      name: 'gate',
      who: READER,
      open: async (page) => {
        const review = await findReview(READER, (row) => row.status === 'assigned' && !row.acceptedAt);
        await page.goto(`/reviews/${review.id}/read`);
        return page.getByRole('button', { name: 'Accepter la lecture' });
      },
    },
    {
      name: 'reading-room',
      who: READER,
      open: async (page) => {
        await openRoom(page);
        return page.getByTestId('annotation-item').first();
      },
    },
    {
      name: 'reading-room-report',
      who: READER,
      open: async (page) => {
        await openRoom(page);
        await showTab(page, 'Compte rendu');
        return page.getByTestId('prepare-signature');
      },
    },
    {
      name: 'reading-room-context',
      who: READER,
      open: async (page) => {
        await openRoom(page);
        await showTab(page, 'Contexte');
        return page.getByRole('heading', { name: 'Question posée' });
      },
    },
    {
      name: 'signature',
      who: READER,
      open: async (page) => {
        await openRoom(page);
        await showTab(page, 'Compte rendu');
        await page.getByTestId('prepare-signature').click();
        return page.getByRole('dialog').getByRole('textbox', { name: 'Mot de passe' });
      },
    },
    at('board', COORDINATOR, '/board', (page) => page.getByTestId('board-row').first()),
    {
      name: 'board-panel',
      who: COORDINATOR,
      open: async (page) => {
        await page.goto('/board');
        await page.getByTestId('board-row').getByRole('button').first().click();
        return page.getByRole('dialog').getByRole('heading', { name: 'Historique' });
      },
    },
    at('duplicates', COORDINATOR, '/duplicates', (page) => page.getByText('Aucun doublon à examiner')),
    at('dispatch', COORDINATOR, '/dispatch', (page) => page.getByTestId('dispatch-row').first()),
    {
      name: 'dispatch-case',
      who: COORDINATOR,
      open: async (page) => {
        await page.goto('/dispatch');
        await page
          .getByTestId('dispatch-row')
          .first()
          .getByRole('link')
          .or(page.getByTestId('dispatch-row').first().getByRole('button'))
          .first()
          .click();
        return page.getByText('Réseaux possibles');
      },
    },
    at('networks', COORDINATOR, '/networks', (page) => page.getByRole('heading', { level: 2 }).first()),
    at('admin', ADMIN, '/admin', (page) => page.getByRole('heading', { level: 1 })),
    at('admin-storage', ADMIN, '/admin/storage', (page) => page.getByTestId('storage-row').first()),
    at('admin-formats', ADMIN, '/admin/formats', (page) => page.getByTestId('format-row').first()),
    {
      name: 'admin-organisation',
      who: ADMIN,
      open: async (page) => {
        await page.goto('/admin/organisations');
        await page.getByTestId('organisation-row').getByRole('button').first().click();
        return page.getByRole('dialog').getByRole('button', { name: 'Enregistrer' });
      },
    },
    at('password', SUBMITTER, '/password', (page) => page.getByLabel(/Mot de passe actuel/)),
    at('notifications', SUBMITTER, '/notifications', (page) => page.getByTestId('notification').first()),
    at('not-found', SUBMITTER, '/nowhere', (page) => page.getByText('Cette page n’existe pas')),
  ];

  for (const { name, who, open } of screens)
    it(name, async () => {
      const page = await pageOf(who);
      const [wide, upright] = SIZES;
      await page.setViewportSize(wide);
      await (await open(page)).waitFor();
      await page.waitForLoadState('networkidle');
      await look(page, `${name}-${wide.width}`);
      await page.setViewportSize(upright);
      await look(page, `${name}-${upright.width}`);
    });

  async function look(page: Page, name: string): Promise<void> {
    await settle(page);
    await page.screenshot({ path: `${folder}/${name}.png`, fullPage: true });
    await checkScreen(page);
  }

  function at(name: string, who: string, path: string, sign: (page: Page) => Locator): Screen {
    return {
      name,
      who,
      open: async (page) => {
        await page.goto(path);
        return sign(page);
      },
    };
  }

  async function findCase(who: string, wanted: (row: CaseRow) => boolean): Promise<CaseRow> {
    const client = await app.signIn(who, PASSWORD);
    const list = await client.get<{ items: CaseRow[] }>('/api/cases?limit=100');
    const found = list.body.items.find(wanted);
    if (!found) throw new Error(`no such case for ${who}`);
    return found;
  }

  async function findReview(who: string, wanted: (row: ReviewRow) => boolean): Promise<ReviewRow> {
    const client = await app.signIn(who, PASSWORD);
    const list = await client.get<{ items: ReviewRow[] }>('/api/reviews?scope=mine&limit=100');
    const found = list.body.items.find(wanted);
    if (!found) throw new Error(`no such review for ${who}`);
    return found;
  }

  async function openRoom(page: Page): Promise<void> {
    const review = await findReview(READER, (row) => row.status === 'in_review' && row.slideCount > 0);
    await page.goto(`/reviews/${review.id}/read`);
    await page.getByTestId('viewer-canvas').locator('canvas').first().waitFor();
    await showTab(page, 'Annotations');
  }

  /** On a narrow screen the panel is closed at first. */
  async function showTab(page: Page, name: string): Promise<void> {
    const open = page.getByRole('button', { name: 'Ouvrir le volet' });
    const tab = page.getByRole('tab', { name });
    await open.or(tab).first().waitFor();
    if (await open.isVisible()) await open.click();
    await tab.click();
  }

  /** Nothing loading, pictures drawn, letters there. */
  async function settle(page: Page): Promise<void> {
    await page.waitForFunction(
      () =>
        !document.querySelector('.mantine-Skeleton-root, [aria-busy=true]') &&
        [...document.images].every((image) => image.complete || image.loading === 'lazy'),
    );
    await page.evaluate(async () => {
      await document.fonts.ready;
      await new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)));
    });
  }
});
