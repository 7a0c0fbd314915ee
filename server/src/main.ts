import type { App } from './app.js';
import { type Config, ConfigError, readConfig } from './config/index.js';
import { createLog } from './platform/log.js';
import { assertPortFree } from './platform/port.js';
import { sealSentence } from './platform/seal-sentence.js';

/** One clear sentence, exit code 1, nothing damaged. */
function giveUp(sentence: string): never {
  process.stderr.write(`${sentence}\n`);
  process.exit(1);
}

function sentenceFor(error: unknown, config: Config | null): string {
  const { code, message } = error as NodeJS.ErrnoException;
  if (error instanceof ConfigError) return message;
  if (code === 'EADDRINUSE') {
    return `Le port ${config?.port} est déjà utilisé : arrêtez l’autre programme ou choisissez un autre PORT. / Port ${config?.port} is already in use: stop the other program or set another PORT.`;
  }
  if (code === 'EACCES') {
    return `Le port ${config?.port} n’est pas autorisé pour cet utilisateur : choisissez un autre PORT. / Port ${config?.port} is not allowed for this user: set another PORT.`;
  }
  if (code === 'STORE_LOCKED') {
    return `Relecture est déjà démarré sur le dossier ${config?.dataDir}. / Relecture is already running on the folder ${config?.dataDir}.`;
  }
  if (code === 'STORE_UNWRITABLE') {
    return `Le dossier ${config?.dataDir} (DATA_DIR) n’est pas accessible en écriture. / The folder ${config?.dataDir} (DATA_DIR) is not writable.`;
  }
  const sealed = sealSentence(error);
  if (sealed) return sealed;
  if ((error as Error).name === 'MongooseServerSelectionError') {
    return 'La base MongoDB (MONGODB_URI) ne répond pas. / The MongoDB at MONGODB_URI does not answer.';
  }
  return `Démarrage impossible : ${message} / Cannot start: ${message}`;
}

let config: Config | null = null;
let app: App | null = null;
let listening = false;
const stop = new AbortController();

async function close(): Promise<void> {
  await app?.stop();
  process.exit(0);
}

// Before anything is opened: whoever stops the server early is answered too.
for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.once(signal, () => {
    process.stdout.write(
      listening
        ? 'Arrêt en cours… / stopping…\n'
        : '\nArrêt demandé pendant le démarrage : rien n’est abîmé, le prochain démarrage reprendra. / Stopped while starting: nothing is damaged, the next start carries on.\n',
    );
    stop.abort();
    // While it starts, the start itself ends at its next step.
    if (listening) close().catch(() => process.exit(1));
  });
}

/** A demo that was cut short goes and is made again; one that people are let into stays as it is. */
async function settleUnfinishedDemo(settings: Config): Promise<void> {
  const { clearUnfinishedDemo, keepDemo } = await import('./demo/index.js');
  if (!settings.demo) return await keepDemo();
  const found = await clearUnfinishedDemo(settings);
  if (found === 'cleared') {
    process.stdout.write(
      'La démonstration avait été interrompue : ce qui en restait est effacé, elle est refaite. / The demo had been cut short: its remains are cleared, it is made again.\n',
    );
  } else if (found === 'kept') {
    process.stdout.write(
      'La démonstration est incomplète, mais des personnes ont travaillé ici : elle reste telle quelle. / The demo is incomplete, but people have worked here: it stays as it is.\n',
    );
  }
}

try {
  const settings = readConfig();
  config = settings;
  const log = createLog(settings.logLevel);
  // Not before the settings are known to make sense: a refusal need not wait for the whole server to load.
  const { createApp } = await import('./app.js');
  app = await createApp(settings, log, () => settleUnfinishedDemo(settings));
  stop.signal.throwIfAborted();
  if (settings.demo) {
    await assertPortFree(settings.port, settings.host);
    // Before listening: whoever finds the service up finds its accounts and cases too.
    const { createProgress, seedDemo } = await import('./demo/index.js');
    await seedDemo({ config: settings, progress: createProgress(process.stdout), signal: stop.signal });
  }
  stop.signal.throwIfAborted();
  const address = await app.listen();
  listening = true;
  // Asked to stop between the two lines above.
  if (stop.signal.aborted) await close();
  process.stdout.write(`\nRelecture : ${address}\n`);
  const { countUsers, listDemoAccounts } = await import('./users/index.js');
  if ((await countUsers()) === 0) {
    process.stdout.write(
      'Aucun compte encore : arrêtez le serveur et créez le premier administrateur avec « npx relecture admin ». / No account yet: stop the server and create the first administrator with "npx relecture admin".\n',
    );
  }
  const demo = await listDemoAccounts();
  if (demo.length > 0 && !settings.production) {
    process.stdout.write(
      `Comptes de démonstration / demo accounts (mot de passe / password: ${settings.demoPassword})\n`,
    );
    const { wordAccounts } = await import('./demo/index.js');
    for (const line of wordAccounts(demo)) process.stdout.write(`  ${line}\n`);
  }
} catch (error) {
  if (stop.signal.aborted && !listening) await close().catch(() => process.exit(1));
  await app?.stop().catch(() => process.exit(1));
  giveUp(sentenceFor(error, config));
}
