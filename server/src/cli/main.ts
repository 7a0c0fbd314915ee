/** The `relecture` command. One line per command, loaded only when asked for, so that each starts quickly. */
type Command = (argv: string[]) => Promise<number>;

const commands: Record<string, () => Promise<Command>> = {
  admin: async () => (await import('./admin.js')).adminCommand,
  audit: async () => (await import('./audit.js')).auditCommand,
  backup: async () => (await import('./backup/command.js')).backupCommand,
  rebuild: async () => (await import('./rebuild.js')).rebuildCommand,
  restore: async () => (await import('./backup/command.js')).restoreCommand,
  route: async () => (await import('./route.js')).routeCommand,
  store: async () => (await import('./store.js')).storeCommand,
  verify: async () => (await import('./verify.js')).verifyCommand,
  ingest: async () => (await import('./ingest.js')).ingestCommand,
};

const [name = '', ...argv] = process.argv.slice(2);
const load = Object.hasOwn(commands, name) ? commands[name] : undefined;

if (load) {
  const command = await load();
  process.exitCode = await command(argv);
} else {
  process.stderr.write(`Usage : relecture ${Object.keys(commands).join('|')} …\n`);
  process.exitCode = 2;
}
