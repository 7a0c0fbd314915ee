import type { Config } from '../config/index.js';
import { markOldAsRead } from '../notifications/index.js';
import type { Principal } from '../platform/principal.js';
import { createOrganisation, createUser } from '../users/index.js';
import { CASES } from './cases.js';
import { ORGANISATIONS, PEOPLE } from './people.js';
import type { Progress } from './progress.js';
import { drawMasters, type Masters } from './slides.js';
import { walkCase } from './walk.js';

export interface DemoNeeds {
  readonly config: Pick<Config, 'dataDir' | 'demoPassword'>;
  readonly progress: Progress;
  /** Asked to stop: the demo is left unfinished, and the next start makes it again. */
  readonly signal: AbortSignal;
}

/** Draws the slides and walks every case with them. Loaded for a first start only, not for the others. */
export async function makeDemo({ config, progress, signal }: DemoNeeds): Promise<void> {
  const masters = await drawMasters(config.dataDir, progress);
  try {
    await walkHistory(config.demoPassword, masters, progress, signal);
  } finally {
    await masters.remove();
  }
}

/** The people, and their cases from the oldest to the newest, by the product's own gate. */
export async function walkHistory(
  password: string,
  masters: Masters,
  progress: Progress,
  signal: AbortSignal,
): Promise<void> {
  progress.line('  organisations, personnes… / organisations, people…');
  const organisations = new Map<string, { id: string; name: string; city: string; region: string }>();
  for (const [key, organisation] of Object.entries(ORGANISATIONS)) {
    const made = await createOrganisation(organisation);
    organisations.set(key, { id: String(made._id), name: made.name, city: made.city, region: made.region });
  }
  const principals = new Map<string, Principal>();
  for (const [key, { organisation, ...person }] of Object.entries(PEOPLE)) {
    const home = organisations.get(organisation);
    if (!home) throw new Error(`demo: no organisation ${organisation}`);
    const user = await createUser({
      ...person,
      roles: [...person.roles],
      organisationId: home.id,
      password,
      demo: true,
    });
    principals.set(key, {
      id: String(user._id),
      displayName: [user.title, user.firstName, user.lastName].filter(Boolean).join(' '),
      organisationId: home.id,
      organisationName: home.name,
      region: home.region,
      roles: user.roles,
      networks: user.networks,
      national: user.national,
      sessionId: 'demo',
    });
  }
  const homes = [...organisations.values()];
  // The oldest first, so that case numbers follow the calendar.
  const ordered = CASES.toSorted((a, b) => b.daysAgo - a.daysAgo);
  for (const [index, demoCase] of ordered.entries()) {
    signal.throwIfAborted();
    progress.line(`  dossier / case ${index + 1}/${ordered.length}…`);
    await walkCase(demoCase, `26H${String(4100 + index * 37).padStart(5, '0')}`, {
      principals,
      password,
      masters,
      organisationOf: (principal) => {
        const home = homes.find(({ id }) => id === principal.organisationId);
        if (!home) throw new Error('demo: nobody lives there');
        return home;
      },
    });
  }
  // An inbox of ninety days that nobody ever opened would hide what waits now.
  await markOldAsRead(new Date(Date.now() - 5 * 86_400_000));
}
