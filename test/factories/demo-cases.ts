import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CASES } from '@relecture/server/demo/cases.js';
import { ORGANISATIONS, PEOPLE } from '@relecture/server/demo/people.js';
import { walkCase } from '@relecture/server/demo/walk.js';
import type { Principal } from '@relecture/server/platform/principal.js';
import { generateSyntheticSlide, type SyntheticKind } from '@relecture/server/slides/synthetic/index.js';
import { createOrganisation, createUser } from '@relecture/server/users/index.js';
import { PASSWORD } from './people.js';

const KINDS: Record<string, SyntheticKind> = {
  lymphoid: 'he-lymphoid',
  gland: 'he-gland',
  sarcoma: 'he-sarcoma',
  ihc: 'ihc-dab',
  large: 'he-gland',
};

/** The demonstration's people and cases, in every status, on slides small enough for a test. */
export async function makeDemoCases(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'relecture-demo-cases-'));
  try {
    for (const [name, kind] of Object.entries(KINDS))
      await generateSyntheticSlide({
        path: join(folder, `${name}.svs`),
        kind,
        width: 1800,
        height: 1400,
        seed: 4200 + name.length,
        label: { examNumber: '26H00000', block: 'A1', stain: 'HES', laboratory: 'RELECTURE' },
      });
    const notASlide = join(folder, 'notes.txt');
    await writeFile(notASlide, 'Ceci n’est pas une lame.\n'.repeat(50));

    const homes = new Map<string, { id: string; name: string; city: string; region: string }>();
    for (const [key, organisation] of Object.entries(ORGANISATIONS)) {
      const { _id, name, city, region } = await createOrganisation(organisation);
      homes.set(key, { id: String(_id), name, city, region });
    }
    const homeOf = (key: string) => homes.get(key)!;
    const principals = new Map<string, Principal>();
    for (const [key, { organisation, ...person }] of Object.entries(PEOPLE)) {
      const home = homeOf(organisation);
      const user = await createUser({
        ...person,
        roles: [...person.roles],
        organisationId: home.id,
        password: PASSWORD,
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
    const ordered = CASES.toSorted((a, b) => b.daysAgo - a.daysAgo);
    for (const [index, demoCase] of ordered.entries())
      await walkCase(demoCase, `26H${String(4100 + index * 37).padStart(5, '0')}`, {
        principals,
        password: PASSWORD,
        masters: { path: (kind) => join(folder, `${kind}.svs`), notASlide },
        organisationOf: ({ organisationId }) => [...homes.values()].find(({ id }) => id === organisationId)!,
      });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
