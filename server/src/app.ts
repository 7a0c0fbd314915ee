import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import cookieParser from 'cookie-parser';
import express from 'express';
import helmet from 'helmet';
import { pinoHttp } from 'pino-http';
import { z } from 'zod';
import { registerAnnotationRoutes } from './annotations/index.js';
import { createArrivals } from './arrivals/index.js';
import {
  listenToAssignmentEvents,
  passOnFromCentres,
  passOnUnopened,
  recipientsOf,
  registerAssignmentRoutes,
  watchDueDates,
  watchForecasts,
} from './assignments/index.js';
import {
  configureAttachments,
  configureIdentity,
  listenToCaseEvents,
  registerCaseRoutes,
  registerDuplicateRoutes,
  sweepAttachments,
} from './cases/index.js';
import type { Config } from './config/index.js';
import {
  clearListeners,
  closeOutbox,
  openOutbox,
  recoverOutbox,
  registerOutboxRoutes,
} from './events/index.js';
import { listenToMaterialEvents, registerMaterialRoutes } from './materials/index.js';
import {
  compareRecentActivity,
  isActivityWhole,
  listenToMonitoringEvents,
  registerMonitoringRoutes,
} from './monitoring/index.js';
import { loadSeedNetworks, registerNetworkRoutes, seedNetworks } from './networks/index.js';
import { listenToNotificationEvents, registerNotificationRoutes } from './notifications/index.js';
import {
  caseNumbersOf,
  composeCasePage,
  listenToOverviewEvents,
  registerOverviewRoutes,
} from './overview/index.js';
import { registerAuditRoutes } from './platform/audit-routes.js';
import { openDatabase } from './platform/db.js';
import { Api, anyone } from './platform/endpoint.js';
import { createJobs } from './platform/jobs.js';
import type { Logger } from './platform/log.js';
import { docsRouter, documentOf } from './platform/openapi.js';
import { ProblemError, problemHandler } from './platform/problem.js';
import { startSockets } from './realtime/index.js';
import { configureReports, listenToReportEvents, registerReportRoutes } from './reports/index.js';
import { applyRetention } from './retention/index.js';
import { listenToReviewEvents, registerReviewRoutes } from './reviews/index.js';
import {
  defineTrials,
  listenToRoutingEvents,
  loadSeedRuleSet,
  registerDraftRoutes,
  registerRoutingRoutes,
  seedRuleSet,
} from './routing/index.js';
import {
  createSlides,
  listenToSlideEvents,
  removeSlidesOfDraft,
  startTileProcesses,
  type TileProcesses,
} from './slides/index.js';
import {
  configureSessions,
  getOrganisation,
  principalFromAuthorization,
  registerUserRoutes,
} from './users/index.js';

export const VERSION: string = (
  JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { version: string }
).version;

export interface App {
  readonly http: Server;
  /** `embedded` or `mongodb`. */
  readonly store: 'embedded' | 'mongodb';
  /** The OpenAPI document. */
  document(): object;
  /** Listens; answers the address, e.g. `http://127.0.0.1:3000`. */
  listen(): Promise<string>;
  /** Finishes requests, closes sockets, stops jobs, flushes the store. */
  stop(): Promise<void>;
}

const LOOPBACK = /^(::1$|127\.|::ffff:127\.)/;
/** How often whatever a failing listener left in the outbox is tried again. */
const OUTBOX_EVERY_MS = 30_000;

const DUE_DATES_EVERY = '5 minutes';
const FORECASTS_EVERY = '15 minutes';

/** The composition root: the only file that knows every feature. One app per process: the models are global. */
export async function createApp(
  config: Config,
  log: Logger,
  /** Runs when the features know their folders, before any of them takes up work it had left. */
  beforeWork: () => Promise<void> = async () => undefined,
): Promise<App> {
  const database = await openDatabase(config, log);
  configureSessions(config);
  configureIdentity(config);
  await configureAttachments(config);
  await configureReports(config);
  openOutbox(log);
  await seedNetworks(loadSeedNetworks());
  await seedRuleSet(loadSeedRuleSet());

  const jobs = createJobs(log);
  const server = express();
  const api = new Api((request) => principalFromAuthorization(request.headers.authorization));
  const slides = await createSlides({ api, config, jobs, log });
  const arrivals = await createArrivals({ api, config, jobs, log });
  let publicUrl = config.publicUrl ?? '';

  // Listeners in the order of the path: each step's own record is written before the next one wakes.
  listenToSlideEvents();
  listenToCaseEvents();
  listenToReviewEvents();
  listenToRoutingEvents();
  listenToAssignmentEvents();
  listenToMaterialEvents();
  listenToReportEvents();
  listenToOverviewEvents();
  listenToMonitoringEvents();
  listenToNotificationEvents({ config, jobs, log });

  jobs.define('apply-retention', async () => {
    log.info(await applyRetention(), 'retention applied');
  });
  defineTrials(jobs);
  jobs.define('sweep-attachments', async () => {
    log.info({ removed: await sweepAttachments() }, 'attachments swept');
  });
  jobs.define('compare-activity', async () => await compareRecentActivity(log), {
    concurrency: 1,
    lockLifetime: 10 * 60_000,
  });
  jobs.define(
    'watch-forecasts',
    async () => {
      await watchForecasts();
    },
    { concurrency: 1, lockLifetime: 10 * 60_000 },
  );
  jobs.define('watch-due-dates', async () => {
    await watchDueDates();
    await passOnUnopened();
    await passOnFromCentres();
  });

  api.get(
    '/api/health',
    {
      summary: 'Is the service up?',
      tag: 'Service',
      access: anyone,
      answer: z.object({
        status: z.literal('ok'),
        store: z.enum(['embedded', 'mongodb']),
        version: z.string(),
      }),
    },
    async () => ({ status: 'ok' as const, store: database.kind, version: VERSION }),
  );
  registerUserRoutes(api, config);
  registerNetworkRoutes(api);
  registerCaseRoutes(api, {
    composePage: composeCasePage,
    organisationOf: async (principal) => {
      const organisation = await getOrganisation(principal.organisationId);
      return {
        id: String(organisation._id),
        name: organisation.name,
        city: organisation.city,
        region: organisation.region,
      };
    },
    publicUrl: () => publicUrl,
    recipientsOf,
    forgetDraft: removeSlidesOfDraft,
  });
  registerDuplicateRoutes(api);
  registerReviewRoutes(api);
  registerRoutingRoutes(api, { composePage: composeCasePage });
  registerDraftRoutes(api);
  registerAssignmentRoutes(api);
  registerMaterialRoutes(api);
  registerAnnotationRoutes(api);
  registerReportRoutes(api);
  registerOverviewRoutes(api);
  registerNotificationRoutes(api);
  registerMonitoringRoutes(api);
  registerAuditRoutes(api, { caseNumbersOf });
  registerOutboxRoutes(api);

  server.disable('x-powered-by');
  // Tile processes reach the server by a unix socket, which has no address.
  server.set('trust proxy', (address: string | undefined) => !address || LOOPBACK.test(address));
  server.use(
    helmet({
      contentSecurityPolicy: {
        directives: {
          defaultSrc: ["'self'"],
          imgSrc: ["'self'", 'data:', 'blob:'],
          // Mantine sets its measures as style attributes.
          styleSrc: ["'self'", "'unsafe-inline'"],
          // Covers the socket too: in CSP 3 a page's own origin includes its ws: or wss: form.
          connectSrc: ["'self'"],
          workerSrc: ["'self'", 'blob:'],
          upgradeInsecureRequests: config.publicUrl?.startsWith('https:') ? [] : null,
        },
      },
      strictTransportSecurity: config.publicUrl?.startsWith('https:') ?? false,
    }),
  );
  server.use(
    pinoHttp({
      logger: log,
      autoLogging: { ignore: (request) => request.url === '/api/health' },
      // Addresses hold record ids only; headers, bodies and query strings stay out of the log.
      serializers: {
        req: (request: { id: unknown; method: string; url: string }) => ({
          id: request.id,
          method: request.method,
          path: request.url.split('?')[0],
        }),
        res: (response: { statusCode: number }) => ({ status: response.statusCode }),
        err: (error: Error) => ({ type: error.name }),
      },
      customLogLevel: (_request, response) => (response.statusCode >= 500 ? 'error' : 'debug'),
    }),
  );
  server.use(slides.uploads);
  server.use(express.json({ limit: '2mb' }));
  server.use(cookieParser());
  server.use(api.router);
  const document = documentOf(api.registry, VERSION);
  server.use(docsRouter(document));
  server.use('/api', () => {
    throw new ProblemError('NOT_FOUND');
  });
  serveClient(server);
  server.use(problemHandler(log));

  // A slide of gigabytes over a hospital's line takes longer than Node's five minutes; headers keep their minute.
  const http = createServer({ requestTimeout: 0 }, (request, response) => {
    if (!slides.tiles(request, response)) server(request, response);
  });
  const sockets = startSockets(http, log);
  await beforeWork();
  await jobs.start();
  await recoverOutbox();
  await slides.resume();
  await arrivals.resume();
  const outboxTimer = setInterval(() => {
    recoverOutbox().catch((error: Error) => log.error({ error: error.name }, 'outbox recovery failed'));
  }, OUTBOX_EVERY_MS);

  let tiles: TileProcesses | null = null;
  let folder: string | null = null;

  const listenOn = async (...where: [number, string] | [string]): Promise<number> => {
    await new Promise<void>((resolve, reject) => {
      http.once('error', reject);
      if (where.length === 2) http.listen(where[0], where[1], resolve);
      else http.listen(where[0], resolve);
    });
    const address = http.address();
    return address !== null && typeof address === 'object' ? address.port : 0;
  };

  /** Tile processes have the port; what is not a tile reaches the server by a socket that only this user opens. */
  const listenBehindTiles = async (): Promise<number> => {
    // Short: the path of a unix socket has room for 107 bytes.
    folder = await mkdtemp(join(tmpdir(), 'relecture-http-'));
    const socket = join(folder, 'server');
    await listenOn(socket);
    const { port, host } = config;
    tiles = await startTileProcesses(config.tileProcesses, { port, host, server: socket });
    return tiles.port;
  };

  return {
    http,
    store: database.kind,
    document,
    async listen() {
      const port =
        config.tileProcesses > 0 ? await listenBehindTiles() : await listenOn(config.port, config.host);
      const host = config.host.includes(':') ? `[${config.host}]` : config.host;
      publicUrl ||= `http://${host}:${port}`;
      // Not before: the demonstration's history is written by then, and no date in it is watched while it is.
      await jobs.every(DUE_DATES_EVERY, 'watch-due-dates');
      await jobs.every(FORECASTS_EVERY, 'watch-forecasts');
      await jobs.every('24 hours', 'apply-retention');
      await jobs.every('24 hours', 'sweep-attachments');
      await jobs.every('0 2 * * *', 'compare-activity', undefined, { skipImmediate: true });
      if (!(await isActivityWhole())) await jobs.now('compare-activity');
      return publicUrl;
    },
    async stop() {
      clearInterval(outboxTimer);
      await sockets.stop();
      await tiles?.stop();
      const closed = new Promise<void>((resolve) => http.close(() => resolve()));
      http.closeIdleConnections();
      // Requests under way end by themselves; a stuck one does not hold the stop for ever.
      const force = setTimeout(() => http.closeAllConnections(), 10_000);
      await closed;
      clearTimeout(force);
      if (folder) await rm(folder, { recursive: true, force: true });
      // Jobs under way end by themselves; a long one is given back, and taken up again at the next start.
      await jobs.drain(10_000);
      await jobs.stop();
      await arrivals.stop();
      await slides.stop();
      // Requests, jobs and slides move nothing more: the last listeners end before the store closes under them.
      await closeOutbox();
      clearListeners();
      await database.stop();
    },
  };
}

/** The built screens, when they are built; every address that is not the interface's is the page's. */
function serveClient(server: express.Express): void {
  const folder = fileURLToPath(new URL('../../client/dist', import.meta.url));
  const page = join(folder, 'index.html');
  if (!existsSync(page)) return;
  server.use('/assets', express.static(join(folder, 'assets'), { immutable: true, maxAge: '1y' }));
  server.use(express.static(folder, { index: false, maxAge: '1h' }));
  server.get(/^\/(?!api\/|socket\.io\/).*/, (_request, response) => {
    response.setHeader('Cache-Control', 'no-cache');
    response.sendFile(page);
  });
}
