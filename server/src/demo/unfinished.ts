import { rm } from 'node:fs/promises';
import { model, Schema } from 'mongoose';
import { removeCaseFiles } from '../cases/index.js';
import type { Config } from '../config/index.js';
import { emptyCollections } from '../platform/db.js';
import { removeReportFiles } from '../reports/index.js';
import { removeSlideFiles } from '../slides/index.js';
import { hasStrangers } from '../users/index.js';
import { mastersFolder } from './slides.js';

/**
 * There while the demo is being made. In the store itself, not beside it: the mark of one store must never lead to
 * another being emptied. Nobody can sign in while it is there, because it goes before the server listens.
 */
const Mark = model(
  'DemoInTheMaking',
  new Schema(
    { startedAt: { type: Date, required: true } },
    { collection: 'demointhemaking', versionKey: false },
  ),
);

export const beginDemo = async (): Promise<void> => {
  await Mark.create({ startedAt: new Date() });
};

/** The demo is whole, or people are about to be let in: from now on nothing here may be taken away. */
export const keepDemo = async (): Promise<void> => {
  await Mark.deleteMany({});
};

/** Kept: what every start writes by itself, and the access log, which only grows. */
const KEPT = ['Network', 'RuleSet', 'AccessLog', 'DemoInTheMaking'];

/**
 * Takes away a demo whose making was cut short, with its files, so that it can be made again. Leaves everything when
 * anybody but the demo's people has an account, or anybody ever signed in.
 */
export async function clearUnfinishedDemo(
  config: Pick<Config, 'dataDir'>,
): Promise<'none' | 'cleared' | 'kept'> {
  if (!(await Mark.exists({}))) return 'none';
  if (await hasStrangers()) {
    await keepDemo();
    return 'kept';
  }
  // Files first: their records say where they are, should this be cut short too.
  await removeSlideFiles();
  await removeCaseFiles();
  await removeReportFiles();
  await emptyCollections(KEPT);
  await rm(mastersFolder(config.dataDir), { recursive: true, force: true });
  await keepDemo();
  return 'cleared';
}
