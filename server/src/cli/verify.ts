import { readFile } from 'node:fs/promises';
import { verifyPdf } from '../reports/index.js';

/** `relecture verify FILE.pdf [--json]`: says whether a report is as it was signed. Exit code 0 valid, 1 not, 2 usage. */
export async function verifyCommand(argv: string[]): Promise<number> {
  const json = argv.includes('--json');
  const path = argv.find((argument) => !argument.startsWith('--'));
  if (!path) {
    process.stderr.write('Usage : relecture verify FICHIER.pdf [--json]\n');
    return 2;
  }
  let file: Buffer;
  try {
    file = await readFile(path);
  } catch {
    process.stderr.write('Ce fichier ne peut pas être lu. / This file cannot be read.\n');
    return 2;
  }
  const result = verifyPdf(file);
  if (json) process.stdout.write(`${JSON.stringify(result)}\n`);
  else if (result.verdict === 'valid') {
    process.stdout.write(
      `Valide : dossier ${result.caseNumber}, version ${result.number} (${result.kind}), signé le ${result.signedAt} par ${result.signer}.\nScellé ${result.seal}, clé ${result.keyFingerprint}.\n`,
    );
  } else if (result.verdict === 'altered')
    process.stdout.write('Modifié : ce fichier n’est plus celui qui a été signé.\n');
  else process.stdout.write('Ce fichier n’est pas un compte rendu de Relecture.\n');
  return result.verdict === 'valid' ? 0 : 1;
}
