import { readFile } from 'node:fs/promises';
import type { NetworkRole } from '@relecture/shared/networks/schema.js';
import { chooseNetworks } from '@relecture/shared/routing/choose-networks.js';
import { rankCandidates } from '@relecture/shared/routing/rank-candidates.js';
import { type RoutingCase, routingCaseSchema, toRoutingInput } from '@relecture/shared/routing/schema.js';
import { explainDecision } from '../routing/index.js';
import { loadSeedRuleSet } from '../routing/load-rule-set.js';

const USAGE = 'Usage : relecture route --cases FICHIER [--json]\n';

/** The words of the domain for what a network is in a case: the file and its reader speak them, not our code. */
const ROLE_WORDS: Record<NetworkRole, string> = {
  reading: 'lecture',
  terrain: 'terrain',
  pathway: 'orientation',
  european_escalation: 'escalade_UE',
};

function decide(routingCase: RoutingCase) {
  const decision = chooseNetworks(toRoutingInput(routingCase), loadSeedRuleSet());
  return {
    id: routingCase.id,
    outcome: decision.outcome,
    networks: decision.networks.map(({ networkId }) => networkId),
    roles: decision.networks.map(({ role }) => ROLE_WORDS[role]),
    explanation: explainDecision(decision, 'fr'),
    rulesVersion: decision.rulesVersion,
    doubt: decision.doubt,
    ranked: rankCandidates(decision).map(({ networkId }) => networkId),
    fieldsToCorrect: decision.fieldsToCorrect.map(({ field }) => field),
  };
}

/** Options in any order; `--cases=FILE` is accepted too. */
function fileOf(argv: readonly string[]): string | null {
  const position = argv.indexOf('--cases');
  if (position >= 0) return argv[position + 1] ?? null;
  return argv.find((argument) => argument.startsWith('--cases='))?.slice('--cases='.length) ?? null;
}

/**
 * `relecture route --cases FILE --json`: the networks of each case of a file, in its order, with the rules shipped
 * with the product. No server, no database. Exit code 0: decided; 1: the file cannot be used; 2: misused.
 */
export async function routeCommand(argv: string[]): Promise<number> {
  const file = fileOf(argv);
  if (!file || file.startsWith('--')) {
    process.stderr.write(USAGE);
    return 2;
  }
  let content: unknown;
  try {
    content = JSON.parse(await readFile(file, 'utf8'));
  } catch (error) {
    const why = error instanceof SyntaxError ? 'n’est pas du JSON' : 'ne peut pas être lu';
    process.stderr.write(`Le fichier ${file} ${why}.\n`);
    return 1;
  }
  const parsed = routingCaseSchema.array().safeParse(content);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    process.stderr.write(
      `Le fichier ${file} n’a pas la forme attendue : ${issue?.path.join('.')} ${issue?.message}\n`,
    );
    return 1;
  }
  const decisions = parsed.data.map(decide);
  if (argv.includes('--json')) {
    process.stdout.write(`${JSON.stringify(decisions, null, 1)}\n`);
    return 0;
  }
  for (const { id, outcome, networks, explanation } of decisions) {
    process.stdout.write(`${id}\t${outcome}\t${networks.join(', ') || '-'}\n\t${explanation}\n`);
  }
  return 0;
}
