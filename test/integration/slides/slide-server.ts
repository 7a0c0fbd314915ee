import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { configureAttachments, configureIdentity, createCase } from '@relecture/server/cases/index.js';
import { type Config, readConfig } from '@relecture/server/config/index.js';
import { clearListeners, openOutbox, transition } from '@relecture/server/events/index.js';
import { openDatabase } from '@relecture/server/platform/db.js';
import { Api } from '@relecture/server/platform/endpoint.js';
import { createJobs } from '@relecture/server/platform/jobs.js';
import { createLog } from '@relecture/server/platform/log.js';
import { problemHandler } from '@relecture/server/platform/problem.js';
import { createSlides, listenToSlideEvents } from '@relecture/server/slides/index.js';
import {
  configureSessions,
  createOrganisation,
  createUser,
  type NewUser,
  principalFromAuthorization,
  registerUserRoutes,
} from '@relecture/server/users/index.js';
import cookieParser from 'cookie-parser';
import express from 'express';
import { dropOwnDatabase, ownDatabase } from '../../support/app.js';

const PASSWORD = 'un mot de passe de test';

/** A signed-in person, as a browser would be: the token for calls, the cookie for images. */
export interface Person {
  readonly id: string;
  readonly token: string;
  readonly cookie: string;
  readonly organisationId: string;
}

export interface SlideServer {
  readonly url: string;
  readonly uploadsDir: string;
  readonly folder: string;
  person(options?: Partial<NewUser>): Promise<Person>;
  caseOf(person: Person): Promise<string>;
  /** Kills nothing: stops as the product does. `keep` leaves the data for the next start. */
  stop(keep?: 'keep'): Promise<void>;
  readonly config: Config;
}

export interface ServerOptions {
  readonly folder?: string;
  readonly uploadsDir?: string;
  readonly reserveBytes?: number;
  readonly log?: NodeJS.WritableStream;
  /** Socket of an antivirus. */
  readonly clamd?: string;
}

/** The part of the product that slides need, on the real store, composed as app.ts composes it. */
export async function startSlideServer(options: ServerOptions = {}): Promise<SlideServer> {
  const folder = options.folder ?? (await mkdtemp(join(tmpdir(), 'relecture-slides-')));
  const uploadsDir = options.uploadsDir ?? join(folder, 'uploads');
  const config = readConfig({
    DATA_DIR: join(folder, 'data'),
    UPLOADS_DIR: uploadsDir,
    PORT: '0',
    ...(options.clamd === undefined ? {} : { CLAMD: options.clamd }),
    ...ownDatabase(basename(folder)),
  });
  const log = options.log ? createLog('debug', options.log as never) : createLog('silent');
  const database = await openDatabase(config, log);
  openOutbox(log);
  configureSessions(config);
  configureIdentity(config);
  await configureAttachments(config);
  const jobs = createJobs(log);
  const api = new Api((request) => principalFromAuthorization(request.headers.authorization));
  const slides = await createSlides({
    api,
    config,
    jobs,
    log,
    ...(options.reserveBytes === undefined ? {} : { reserveBytes: options.reserveBytes }),
  });
  listenToSlideEvents();
  registerUserRoutes(api, config);
  const app = express();
  app.use(slides.uploads);
  app.use(express.json());
  app.use(cookieParser());
  app.use(api.router);
  app.use(problemHandler(log));
  const http = createServer((request, response) => {
    if (!slides.tiles(request, response)) app(request, response);
  });
  await jobs.start();
  await slides.resume();
  http.listen(0, '127.0.0.1');
  await once(http, 'listening');
  const url = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
  let people = 0;

  return {
    url,
    uploadsDir,
    folder,
    config,
    async person(overrides = {}) {
      people += 1;
      const organisationId =
        overrides.organisationId ??
        (
          await createOrganisation({
            name: `Laboratoire ${Date.now()}-${people}`,
            city: 'Lyon',
            region: 'ARA',
            kind: 'chu',
          } as never)
        )._id;
      const email = `personne-${Date.now()}-${people}@exemple.test`;
      const user = await createUser({
        email,
        password: PASSWORD,
        firstName: 'Anne',
        lastName: `Personne ${people}`,
        roles: ['submitter'],
        ...overrides,
        organisationId,
      });
      const answer = await fetch(`${url}/api/auth/sign-in`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify({ email, password: PASSWORD }),
      });
      const { accessToken } = (await answer.json()) as { accessToken: string };
      const cookie = answer.headers
        .getSetCookie()
        .map((line) => line.split(';')[0] ?? '')
        .find((line) => line.startsWith('relecture_slides='));
      return {
        id: String(user._id),
        token: accessToken,
        cookie: cookie ?? '',
        organisationId: String(organisationId),
      };
    },
    async caseOf(person) {
      const principal = await principalFromAuthorization(`Bearer ${person.token}`);
      const record = await createCase({}, principal, {
        id: principal.organisationId,
        name: principal.organisationName,
        city: 'Lyon',
        region: principal.region,
      });
      return String(record._id);
    },
    async stop(keep) {
      http.closeAllConnections();
      await new Promise((resolve) => http.close(resolve));
      await jobs.stop();
      await slides.stop();
      clearListeners();
      if (!keep) await dropOwnDatabase();
      await database.stop();
      if (!keep) await rm(folder, { recursive: true, force: true });
    },
  };
}

/** The case's own steps, through the gate; what routing would do next is not composed here. */
export async function submit(caseId: string): Promise<void> {
  await transition({
    kind: 'case',
    id: caseId,
    event: 'case.submitted',
    from: ['draft'],
    to: 'submitted',
    party: 'admission',
    by: null,
  });
}

export async function withdraw(caseId: string): Promise<void> {
  await transition({
    kind: 'case',
    id: caseId,
    event: 'case.withdrawn',
    from: ['submitted'],
    to: 'withdrawn',
    party: 'none',
    by: null,
  });
}
