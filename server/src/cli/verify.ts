import { readFile } from 'node:fs/promises';
import { verifyPdf } from '../reports/index.js';

const USAGE = `Usage : relecture verify FICHIER.pdf [--key EMPREINTE] [--json]
  --key   empreinte de la clé attendue (GET /api/verification-key de l’installation qui a signé)
`;

/**
 * `relecture verify FILE.pdf`: is this report as it was signed? Needs the file alone, no server and no database.
 * Exit code 0: valid; 1: altered, not a report, or signed with another key; 2: the command was misused.
 */
export async function verifyCommand(argv: string[]): Promise<number> {
  const options = readOptions(argv);
  if (!options) {
    process.stderr.write(USAGE);
    return 2;
  }
  let file: Buffer;
  try {
    file = await readFile(options.path);
  } catch {
    process.stderr.write('Ce fichier ne peut pas être lu. / This file cannot be read.\n');
    return 2;
  }
  const found = verifyPdf(file);
  const result =
    found.verdict === 'valid' && options.key && options.key !== found.keyFingerprint
      ? { ...found, verdict: 'other_key' as const }
      : found;
  process.stdout.write(options.json ? `${JSON.stringify(result)}\n` : describe(result));
  return result.verdict === 'valid' ? 0 : 1;
}

type Found = ReturnType<typeof verifyPdf>;
type Result = Found | (Omit<Extract<Found, { verdict: 'valid' }>, 'verdict'> & { verdict: 'other_key' });

function readOptions(argv: readonly string[]): { path: string; key: string | null; json: boolean } | null {
  const rest = [...argv];
  const json = rest.includes('--json');
  if (json) rest.splice(rest.indexOf('--json'), 1);
  const at = rest.indexOf('--key');
  const [, key = null] = at < 0 ? [] : rest.splice(at, 2);
  const [path] = rest;
  if (path === undefined || rest.length !== 1 || path.startsWith('--') || (at >= 0 && !key)) return null;
  return { path, key: key?.toLowerCase() ?? null, json };
}

function describe(result: Result): string {
  switch (result.verdict) {
    case 'not_a_report':
      return 'Ce fichier n’est pas un compte rendu de Relecture. / This file is not a Relecture report.\n';
    case 'altered':
      return 'MODIFIÉ : ce fichier n’est plus celui qui a été signé. / ALTERED: not the file that was signed.\n';
    default:
      return [
        result.verdict === 'valid'
          ? 'VALIDE : ce fichier est celui qui a été signé. / VALID: this is the file that was signed.'
          : 'AUTRE CLÉ : intact, mais signé par une autre installation. / OTHER KEY: intact, signed elsewhere.',
        `Dossier ${result.caseNumber}, réseau ${result.networkId}, version ${result.number} (${result.kind})`,
        `Signé le ${result.signedAt} par ${result.signer}`,
        `Sous scellé : ${result.slides} lame(s), ${result.annotations} annotation(s)`,
        `Scellé ${result.seal}`,
        `Clé ${result.keyFingerprint}, à comparer à celle de l’installation (GET /api/verification-key)`,
        '',
      ].join('\n');
  }
}
