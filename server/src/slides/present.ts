import type { MppSource, Slide } from '@relecture/shared/slides/schema.js';
import type { SlideWarning } from '@relecture/shared/slides/warnings.js';
import type { SlideRecord } from './model.js';

/** A calibration typed by hand that is this far from the scanner's is worth a word. */
const DIFFERENCE = 0.02;

export function presentSlide(record: SlideRecord): Slide {
  return {
    id: String(record._id),
    caseId: String(record.caseId),
    version: record.version,
    state: record.status,
    width: record.width,
    height: record.height,
    mpp: record.manualMpp ?? record.mpp,
    mppSource: presentMppSource(record),
    objective: record.objective,
    colourProfile: record.colourProfile ?? null,
    levels: record.levels.map(({ width, height, tileWidth, tileHeight, downsample }) => ({
      width,
      height,
      tileWidth,
      tileHeight,
      downsample,
    })),
    format: record.format,
    stain: record.stain,
    block: record.block,
    bytes: record.bytes,
    receivedBytes: record.receivedBytes,
    sha256: record.sha256,
    steps: record.steps.map(({ step, at }) => ({ step, at: at.toISOString() })),
    refusal: record.refusal
      ? { code: record.refusal.code, params: { ...record.refusal.params } }
      : record.refusal,
    warnings: [...record.warnings, ...mppWarnings(record)],
    hasLabel: record.associated?.includes('label') ?? false,
    hasMacro: record.associated?.includes('macro') ?? false,
    addedAt: record.createdAt.toISOString(),
    late: record.late,
  };
}

function presentMppSource(record: SlideRecord): MppSource {
  if (record.manualMpp !== null) return 'manual';
  // Resolution tags are the file's own word too, whichever tag carried it.
  return record.mpp === null ? 'unknown' : 'scanner';
}

function mppWarnings({ status, mpp, manualMpp }: SlideRecord): SlideWarning[] {
  if (status !== 'ready') return [];
  if (mpp === null && manualMpp === null) return ['mpp_unknown'];
  if (mpp !== null && manualMpp !== null && Math.abs(manualMpp / mpp - 1) > DIFFERENCE) {
    return ['mpp_differs_from_scanner'];
  }
  return [];
}
