import { checkAccessChain } from '../platform/access-log.js';
import { withStore } from './store-command.js';

/** `relecture audit [--json]`: recomputes the chain of the access log. Exit code 0 when it is whole, 1 when it is broken. */
export async function auditCommand(argv: string[]): Promise<number> {
  return await withStore(async () => {
    const check = await checkAccessChain();
    if (argv.includes('--json')) process.stdout.write(`${JSON.stringify(check)}\n`);
    else if (check.brokenAt === null) {
      process.stdout.write(
        `Journal des accès intact : ${check.entries} entrées. / Access log whole: ${check.entries} entries.\n`,
      );
    } else {
      process.stdout.write(
        `Journal des accès rompu à l’entrée ${check.brokenAt}. / Access log broken at entry ${check.brokenAt}.\n`,
      );
    }
    return check.brokenAt === null ? 0 : 1;
  });
}
