import { hashCell } from './random.js';
import type { Field } from './stamp.js';

/**
 * Visits one random point per cell of a grid that covers the field and its margin. The point depends on the
 * cell alone, so neighbouring squares of the slide agree on everything that crosses their border.
 */
export function scatter(
  field: Field,
  options: { seed: number; pitch: number; margin: number; jitter?: number },
  place: (x: number, y: number, random: number) => void,
): void {
  const { seed, pitch, margin, jitter = 0.9 } = options;
  const firstColumn = Math.floor((field.left - margin) / pitch);
  const lastColumn = Math.floor((field.left + field.size + margin) / pitch);
  const firstRow = Math.floor((field.top - margin) / pitch);
  const lastRow = Math.floor((field.top + field.size + margin) / pitch);
  for (let row = firstRow; row <= lastRow; row += 1) {
    for (let column = firstColumn; column <= lastColumn; column += 1) {
      const random = hashCell(seed, column, row);
      const offsetX = ((random & 0xff) / 255 - 0.5) * jitter;
      const offsetY = (((random >>> 8) & 0xff) / 255 - 0.5) * jitter;
      // Every second row is shifted by half a cell: rows of nuclei are not lined up.
      const shift = (row & 1) === 0 ? 0.25 : 0.75;
      place((column + shift + offsetX) * pitch, (row + 0.5 + offsetY) * pitch, random >>> 16);
    }
  }
}
