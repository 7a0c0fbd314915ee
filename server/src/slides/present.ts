import type { SlideCheck } from '@relecture/shared/slides/checks.js';
import type { MppSource, Slide } from '@relecture/shared/slides/schema.js';
import type { SlideWarning } from '@relecture/shared/slides/warnings.js';
import { checksOf, presentLabelResult } from './judge.js';
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
    warnings: [...new Set([...record.warnings, ...mppWarnings(record), ...checkWarnings(record)])],
    checks: checksOf(record),
    checking: record.checking,
    label: presentLabelResult(record),
    attempts: record.attempts,
    purge: record.purge
      ? {
          at: record.purge.at.toISOString(),
          months: record.purge.months,
          organisation: record.purge.organisation,
        }
      : null,
    labelsDestroyedAt: record.labelsDestroyedAt?.toISOString() ?? null,
    hasLabel: record.associated?.includes('label') ?? false,
    hasMacro: record.associated?.includes('macro') ?? false,
    addedAt: record.createdAt.toISOString(),
    late: record.late,
  };
}

/** What a row has to say at once; the rest is told with the checks. */
function checkWarnings(record: SlideRecord): SlideWarning[] {
  const found = new Map(checksOf(record).map(({ check, outcome }) => [check, outcome]));
  const isAmiss = (check: SlideCheck['check']) => ['warns', 'holds'].includes(found.get(check) ?? '');
  const told: Array<[SlideWarning, boolean]> = [
    ['label_differs', found.get('identity') === 'holds'],
    ['blank', found.get('tissue') === 'holds'],
    ['black', isAmiss('black') && record.focus?.blackShare !== null],
    ['blurred', isAmiss('focus')],
  ];
  return told.flatMap(([warning, holds]) => (holds ? [warning] : []));
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
