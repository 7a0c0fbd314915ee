import type { ArrivalSettingsAnswer, arrivalSettingsBody } from '@relecture/shared/arrivals/schema.js';
import type { z } from 'zod';
import { recordAccess } from '../platform/access-log.js';
import type { Principal } from '../platform/principal.js';
import { ProblemError } from '../platform/problem.js';
import { getOrganisation } from '../users/index.js';
import { arrivalDesk } from './desk.js';
import { SourceModel, type SourceRecord } from './model.js';
import { folderTroubleOf } from './watch.js';
import { inFolder } from './watched-folder.js';

const NOTHING: Omit<SourceRecord, '_id'> = {
  folder: { active: false, path: '', pattern: '', removeTaken: false },
  pacs: { active: false, url: '', user: '', password: '' },
};

export async function readSettings(organisationId: string): Promise<ArrivalSettingsAnswer> {
  const organisation = await getOrganisation(organisationId);
  const found = (await SourceModel.findById(organisation._id).lean<SourceRecord>()) ?? NOTHING;
  const { password, ...pacs } = found.pacs;
  return {
    folder: found.folder,
    pacs: { ...pacs, hasPassword: password !== '' },
    watchRoot: arrivalDesk().watchRoot,
    folderTrouble: found.folder.active ? folderTroubleOf(organisationId) : null,
  };
}

export async function changeSettings(
  organisationId: string,
  { folder, pacs }: z.output<typeof arrivalSettingsBody>,
  principal: Principal,
): Promise<ArrivalSettingsAnswer> {
  const organisation = await getOrganisation(organisationId);
  if (folder.active && (await inFolder(folder.path)) === 'outside') {
    throw new ProblemError('INVALID_INPUT', {
      fields: [{ path: 'folder.path', code: 'outside_root', message: 'outside_root' }],
    });
  }
  const before = await SourceModel.findById(organisation._id).lean<SourceRecord>();
  // A password goes with the address it was given for: at another address, it would be told to a stranger.
  const kept = before?.pacs.url === pacs.url ? before.pacs.password : '';
  await SourceModel.findOneAndUpdate(
    { _id: organisation._id },
    { $set: { folder, pacs: { ...pacs, password: pacs.password ?? kept } } },
    { upsert: true },
  );
  await recordAccess({
    actorId: principal.id,
    action: 'arrival-settings.changed',
    recordKind: 'organisation',
    recordId: organisationId,
  });
  return await readSettings(organisationId);
}
