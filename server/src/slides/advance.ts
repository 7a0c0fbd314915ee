import { type IngestStep, ingestStep } from '@relecture/shared/slides/schema.js';
import type { SlideWarning } from '@relecture/shared/slides/warnings.js';
import type { AnyKeys } from 'mongoose';
import { now } from '../platform/clock.js';
import { SlideModel, type SlideRecord } from './model.js';
import { tellChanged } from './news.js';

/** The slide was removed under our hands. */
export class IngestStopped extends Error {
  override name = 'IngestStopped';
}

/**
 * Writes what a step of the preparation found and, when the step is over (`step` is not null), when that was.
 * A step done again after a crash keeps its first time.
 */
export async function advance(
  slide: SlideRecord,
  step: IngestStep | null,
  set: AnyKeys<SlideRecord>,
): Promise<SlideRecord> {
  const isNew = step !== null && !slide.steps.some((done) => done.step === step);
  const at = now();
  const updated = await SlideModel.findOneAndUpdate(
    { _id: slide._id, status: 'processing' },
    {
      $set: { ...set, updatedAt: at },
      ...(isNew ? { $push: { steps: { step, at } } } : {}),
      $inc: { version: 1 },
    },
    { returnDocument: 'after' },
  ).lean<SlideRecord>();
  if (!updated) throw new IngestStopped();
  tellChanged(updated);
  return updated;
}

export const isPast = (slide: SlideRecord, step: IngestStep): boolean =>
  slide.steps.some((done) => ingestStep.options.indexOf(done.step) >= ingestStep.options.indexOf(step));

export function withWarning(
  { warnings }: Pick<SlideRecord, 'warnings'>,
  warning: SlideWarning,
  holds: boolean,
): SlideWarning[] {
  const others = warnings.filter((known) => known !== warning);
  return holds ? [...others, warning] : others;
}
