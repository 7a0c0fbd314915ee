import fs from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import { createApp } from '@relecture/server/app.js';
import { readConfig } from '@relecture/server/config/index.js';
import { listen, listenToAll } from '@relecture/server/events/index.js';
import { createLog } from '@relecture/server/platform/log.js';
import { eventName } from '@relecture/shared/events/catalog.js';

/**
 * A server in a process of its own that dies by itself, as by kill -9: `before` the first listener hears of an event, or
 * `after` the last one has and before the outbox is told. With DIE_IN_MOVE it dies once a slide that it moves is `written`
 * beside the former one, or `named` and not yet recorded. Without either it lives until somebody kills it.
 */
const die = async () => {
  process.kill(process.pid, 'SIGKILL');
  await new Promise<never>(() => undefined);
};
const { DIE_AT, DIE_WHEN, DIE_IN_MOVE } = process.env;
if (DIE_AT && DIE_WHEN === 'before') listen('test.die', [eventName.parse(DIE_AT)], die);
if (DIE_AT && DIE_WHEN === 'after') {
  listenToAll('test.die', async ({ entry }) => {
    if (entry.event === DIE_AT) await die();
  });
}
if (DIE_IN_MOVE) {
  const { rename } = fs;
  fs.rename = async (from, to) => {
    const moving = /(slide|sealed)\.new$/.test(String(from));
    if (moving && DIE_IN_MOVE === 'written') await die();
    await rename(from, to);
    if (moving) await die();
  };
  syncBuiltinESMExports();
}
const app = await createApp(readConfig(), createLog('fatal'));
process.stdout.write(`${JSON.stringify({ url: await app.listen() })}\n`);
