import { SLIDE_LIMITS } from '@relecture/shared/slides/schema.js';
import { ProblemError } from '../../platform/problem.js';
import { hasRoomFor, SlideRefusal } from '../../slides/index.js';
import { ArrivalModel, type ArrivalRecord, SourceModel, type SourceRecord } from '../model.js';
import { refuse, wait } from '../prepare.js';
import { stage } from '../staging.js';
import { instancesOf, retrieveInstance } from './foreign.js';
import { hasInstance, nameOf } from './series.js';

/** A server that does not answer for a day is given up; the sender reads why, and may ask again. */
const PATIENCE_MS = 24 * 3600_000;

/** Fetches instance after instance; those that are here already, from before a crash, are not asked for again. */
export async function fetchSeries(arrival: ArrivalRecord): Promise<ArrivalRecord | null> {
  const settings = await SourceModel.findById(arrival.organisationId).lean<SourceRecord>();
  const gone = new SlideRefusal('SLIDE_UNREADABLE_FILE', {}, 'the server of the organisation');
  if (!settings?.pacs.active) return await refuse(arrival, gone);
  const { study, series } = JSON.parse(arrival.place) as { study: string; series: string };
  try {
    const instances = await instancesOf(settings.pacs, study, series);
    if (instances.length === 0) return await refuse(arrival, gone);
    const note = async (here: number) => {
      await ArrivalModel.updateOne(
        { _id: arrival._id },
        { $set: { files: instances.length, filesHere: here } },
      );
    };
    for (const [n, instance] of instances.entries()) {
      await note(n);
      if (await hasInstance(arrival.storageKey, instance)) continue;
      if (!(await hasRoomFor(0))) throw new ProblemError('STORAGE_FULL');
      await retrieveInstance(settings.pacs, [study, series, instance], async (body) => {
        await stage(body, arrival.storageKey, nameOf(instance), SLIDE_LIMITS.fileBytes);
      });
    }
  } catch (error) {
    const tooLong = Date.now() - arrival.createdAt.getTime() > PATIENCE_MS;
    if (tooLong && error instanceof ProblemError && error.code === 'PACS_UNREACHABLE')
      return await refuse(arrival, gone);
    throw error;
  }
  return await wait(arrival, {});
}
