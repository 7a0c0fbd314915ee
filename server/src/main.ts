import { type App, createApp } from './app.js';
import { type Config, ConfigError, readConfig } from './config/index.js';
import { createLog } from './platform/log.js';
import { assertPortFree } from './platform/port.js';
import { listDemoAccounts } from './users/index.js';

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
  if ((error as Error).name === 'MongooseServerSelectionError') {
    return 'La base MongoDB (MONGODB_URI) ne répond pas. / The MongoDB at MONGODB_URI does not answer.';
  }
  return `Démarrage impossible : ${message} / Cannot start: ${message}`;
}

let config: Config | null = null;
let app: App | null = null;
try {
  config = readConfig();
  const log = createLog(config.logLevel);
  app = await createApp(config, log);
  if (config.demo) {
    await assertPortFree(config.port, config.host);
    // Before listening: whoever finds the service up finds its accounts and cases too.
    const { seedDemo } = await import('./demo/index.js');
    await seedDemo({ config, say: (line) => process.stdout.write(`${line}\n`) });
  }
  const address = await app.listen();
  // Before the address is told: whoever reads it may stop the server at once.
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.once(signal, () => {
      process.stdout.write('Arrêt en cours… / stopping…\n');
      app?.stop().then(
        () => process.exit(0),
        () => process.exit(1),
      );
    });
  }
  process.stdout.write(`\nRelecture : ${address}\n`);
  const demo = await listDemoAccounts();
  if (demo.length > 0 && !config.production) {
    process.stdout.write(
      `Comptes de démonstration / demo accounts (mot de passe / password: ${config.demoPassword})\n`,
    );
    for (const { email } of demo) process.stdout.write(`  ${email}\n`);
  }
} catch (error) {
  await app?.stop().catch(() => process.exit(1));
  giveUp(sentenceFor(error, config));
}
