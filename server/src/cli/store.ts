import { join } from 'node:path';
import { checkStoreFolder, type Fault } from '@relecture/embedded-store';
import { readConfig } from '../config/index.js';
import { storeSentence } from './store-sentence.js';

const USAGE = `Usage : relecture store check [--json]
        relecture store seal
        relecture store unseal
        relecture store move --to mongodb://…
        relecture store move --from mongodb://…
`;

/** `relecture store …`: what can be asked of the embedded store itself. */
export async function storeCommand(argv: string[]): Promise<number> {
  const [name, ...rest] = argv;
  if (name === 'check' && rest.every((argument) => argument === '--json'))
    return await checkCommand(rest.includes('--json'));
  if ((name === 'seal' || name === 'unseal') && rest.length === 0) {
    const { sealCommand } = await import('./seal.js');
    return await sealCommand(name);
  }
  const [option, uri, ...others] = rest;
  if (name === 'move' && uri && others.length === 0 && (option === '--to' || option === '--from')) {
    const { moveCommand } = await import('./move/command.js');
    return await moveCommand(option === '--to' ? 'to' : 'from', uri);
  }
  process.stderr.write(USAGE);
  return 2;
}

/** Reads the whole store of DATA_DIR and changes nothing. Exit code 0: whole; 1: not, or it cannot be read. */
async function checkCommand(json: boolean): Promise<number> {
  try {
    const config = readConfig();
    if (config.mongodbUri) {
      process.stderr.write(
        'Le magasin est une base MongoDB (MONGODB_URI), qui a ses propres contrôles. / The store is a MongoDB (MONGODB_URI), which has checks of its own.\n',
      );
      return 1;
    }
    const check = await checkStoreFolder(
      join(config.dataDir, 'store'),
      config.storeKeys,
      ({ collection, documents, of }) => {
        process.stderr.write(`  ${collection} : ${documents} / ${of}\n`);
      },
    );
    const whole = check.faultCount === 0;
    if (json) process.stdout.write(`${JSON.stringify(check)}\n`);
    else {
      for (const fault of check.faults) process.stdout.write(`  ${describe(fault)}\n`);
      const { documents, entries, collections, faultCount } = check;
      process.stdout.write(
        whole
          ? `Magasin intact : ${documents} documents et ${entries} entrées d’index de ${collections} collections. / Store whole: ${documents} documents and ${entries} index entries of ${collections} collections.\n`
          : `Magasin endommagé : ${faultCount} défaut(s). Restaurez une sauvegarde. / Store damaged: ${faultCount} fault(s). Restore a backup.\n`,
      );
    }
    return whole ? 0 : 1;
  } catch (error) {
    process.stderr.write(storeSentence(error));
    return 1;
  }
}

const WORDS: Record<Fault['kind'], string> = {
  unreadable_document: 'document illisible / unreadable document',
  misplaced_document: 'document sous un autre identifiant / document under another id',
  missing_entry: 'entrée d’index manquante / missing index entry',
  wrong_owner: 'entrée d’index d’un autre document / index entry of another document',
  stray_entry: 'entrée d’index sans document / index entry without its document',
  wrong_count: 'nombre de documents faux / wrong number of documents',
  wrong_bytes: 'taille fausse / wrong size',
  missing_flag: 'index mal décrit / index described wrongly',
  orphan: 'données sans collection / data of no collection',
};

const describe = ({ kind, collection, index, detail }: Fault): string =>
  [WORDS[kind], [collection, index].filter(Boolean).join(' '), detail].filter(Boolean).join(' : ');
