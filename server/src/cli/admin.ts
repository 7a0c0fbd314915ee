import { parseArgs } from 'node:util';
import { organisationFacts, REGIONS } from '@relecture/shared/users/schema.js';
import { z } from 'zod';
import {
  addOrganisation,
  createAccount,
  findOrganisation,
  findUserByEmail,
  givePassword,
  makeTemporaryPassword,
} from '../users/index.js';
import { withStore } from './store-command.js';

const USAGE = `Usage : relecture admin --email ADRESSE --first-name PRÉNOM --last-name NOM --organisation ÉTABLISSEMENT
                       --city VILLE --region RÉGION --kind chu|clcc|ch|private
        relecture admin --email ADRESSE --new-password

Crée un administrateur, et son établissement s’il n’existe pas ; ou donne un mot de passe provisoire à qui a perdu le
sien. / Creates an administrator, and the organisation when there is none of that name; or gives a temporary password.
Régions / regions : ${REGIONS.join(', ')}
`;

const options = {
  email: { type: 'string' },
  'first-name': { type: 'string' },
  'last-name': { type: 'string' },
  organisation: { type: 'string' },
  city: { type: 'string' },
  region: { type: 'string' },
  kind: { type: 'string' },
  'new-password': { type: 'boolean', default: false },
} as const;

/** As typed at a terminal: without accents, in any case, with a straight apostrophe. */
const plain = (text: string): string =>
  text.normalize('NFD').replaceAll(/\p{M}/gu, '').replaceAll("'", '’').toLowerCase();

const { name, ...place } = organisationFacts.shape;
const administrator = z.object({
  email: z.email(),
  'first-name': z.string().trim().min(1).max(100),
  'last-name': z.string().trim().min(1).max(100),
  organisation: name,
  ...place,
  region: z.preprocess(
    (typed) => REGIONS.find((region) => typeof typed === 'string' && plain(region) === plain(typed)),
    place.region,
  ),
});
const forgotten = z.object({ email: z.email(), 'new-password': z.literal(true) });

/** Exit code 0 when done, 1 when the store or an account stands in the way, 2 when it was asked wrongly. */
export async function adminCommand(argv: string[]): Promise<number> {
  const typed = readOptions(argv);
  const asked = typed && (typed['new-password'] ? forgotten : administrator).safeParse(typed);
  if (!asked?.success) {
    const wrong = [...new Set(asked?.error.issues.map(({ path }) => `--${String(path[0])}`))];
    if (wrong.length > 0)
      process.stderr.write(`À donner ou à corriger / missing or wrong : ${wrong.join(' ')}\n\n`);
    process.stderr.write(USAGE);
    return 2;
  }
  return await withStore(() =>
    'new-password' in asked.data ? giveNewPassword(asked.data.email) : create(asked.data),
  );
}

function readOptions(argv: string[]) {
  try {
    return parseArgs({ args: argv, options }).values;
  } catch {
    return null;
  }
}

async function giveNewPassword(email: string): Promise<number> {
  const user = await findUserByEmail(email);
  if (!user) return refuse('Aucun compte n’a cette adresse. / No account has this e-mail.');
  return say(await givePassword(String(user._id), null));
}

async function create(asked: z.infer<typeof administrator>): Promise<number> {
  const { email, city, region, kind } = asked;
  if (await findUserByEmail(email)) {
    return refuse(
      'Un compte a déjà cette adresse ; avec --new-password, il reçoit un mot de passe provisoire. / An account has this e-mail already; --new-password gives it a temporary password.',
    );
  }
  const house =
    (await findOrganisation(asked.organisation)) ??
    (await addOrganisation({ name: asked.organisation, city, region, kind, address: null }, null));
  const password = makeTemporaryPassword();
  await createAccount(
    {
      email,
      password,
      firstName: asked['first-name'],
      lastName: asked['last-name'],
      roles: ['admin'],
      organisationId: house._id,
    },
    null,
  );
  return say(password);
}

function say(password: string): number {
  process.stdout.write(
    `Mot de passe provisoire / temporary password : ${password}\nIl n’est gardé nulle part ; la personne choisit le sien à sa prochaine connexion. / It is kept nowhere; its owner chooses another at the next sign-in.\n`,
  );
  return 0;
}

function refuse(sentence: string): number {
  process.stderr.write(`${sentence}\n`);
  return 1;
}
