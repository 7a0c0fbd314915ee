import { mkdir, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Config } from '../config/index.js';
import { markOldAsRead } from '../notifications/index.js';
import type { Principal } from '../platform/principal.js';
import { countUsers, createOrganisation, createUser } from '../users/index.js';
import { CASES } from './cases.js';
import { ORGANISATIONS, PEOPLE } from './people.js';
import { drawMasters } from './slides.js';
import { walkCase } from './walk.js';

export interface DemoNeeds {
  readonly config: Pick<Config, 'dataDir' | 'demoPassword'>;
  readonly say: (line: string) => void;
}

/**
 * Fills an empty store with a demonstration: invented houses, people and patients, drawn slides, and a history made by
 * walking the real gate under an injected clock. Does nothing when anybody has an account.
 */
export async function seedDemo({ config, say }: DemoNeeds): Promise<void> {
  const unfinished = join(config.dataDir, 'demo-unfinished');
  if ((await countUsers()) > 0) {
    if (await stat(unfinished).catch(() => null)) {
      say(
        'La démonstration a été interrompue à sa création : supprimez le dossier de données pour la refaire. / The demo was cut short: delete the data folder to make it again.',
      );
    }
    return;
  }
  const started = Date.now();
  say('Premier démarrage : création de la démonstration… / First start: making the demo…');
  await mkdir(config.dataDir, { recursive: true });
  await writeFile(unfinished, '');
  const masters = await drawMasters(config.dataDir, say);
  say('  organisations, personnes… / organisations, people…');
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
      password: config.demoPassword,
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
    say(`  dossier ${index + 1}/${ordered.length}…`);
    await walkCase(demoCase, `26H${String(4100 + index * 37).padStart(5, '0')}`, {
      principals,
      password: config.demoPassword,
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
  await masters.remove();
  await rm(unfinished, { force: true });
  say(`Démonstration prête en ${Math.round((Date.now() - started) / 1000)} s. / Demo ready.`);
}
