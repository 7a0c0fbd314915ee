import {
  areaOf,
  distanceToOutline,
  hits,
  lengthMeasure,
  lengthOf,
  measureOf,
  moveBy,
  moveOnSlide,
  movePoint,
  onSlide,
  type Point,
  pick,
  roundShape,
  simplify,
} from '@relecture/shared/annotations/geometry.js';
import type { Shape } from '@relecture/shared/annotations/schema.js';
import { expect } from 'chai';
import fc from 'fast-check';

const coordinate = fc.double({ min: -1e5, max: 1e5, noNaN: true });
const point = fc.tuple(coordinate, coordinate);
const polygon = fc
  .array(point, { minLength: 3, maxLength: 30 })
  .map((points): Shape => ({ type: 'polygon', points }));

const rotated = (shape: Shape, angle: number): Shape =>
  ({
    ...shape,
    points: shape.points.map(([x, y]) => [
      x * Math.cos(angle) - y * Math.sin(angle),
      x * Math.sin(angle) + y * Math.cos(angle),
    ]),
  }) as Shape;

describe('shapes', () => {
  it('measure the same area and length wherever they lie and however they are turned', () => {
    fc.assert(
      fc.property(polygon, fc.double({ min: 0, max: 7, noNaN: true }), coordinate, (shape, angle, shift) => {
        const other = rotated(moveBy(shape, shift, -shift), angle);
        const size = lengthOf(shape) ** 2 + shift ** 2 + 1e10;
        expect(Math.abs(areaOf(other) - areaOf(shape))).to.be.below(size * 1e-9);
        expect(Math.abs(lengthOf(other) - lengthOf(shape))).to.be.below(size * 1e-9);
      }),
    );
  });

  it('measure a rectangle given by any two opposite corners', () => {
    const rectangle = (points: [Point, Point]) => ({ type: 'rectangle', points }) as unknown as Shape;
    for (const corners of [
      [
        [10, 20],
        [110, 70],
      ],
      [
        [110, 20],
        [10, 70],
      ],
    ] as [Point, Point][]) {
      expect(areaOf(rectangle(corners))).to.equal(5000);
      expect(lengthOf(rectangle(corners))).to.equal(300);
    }
  });

  it('become micrometres only with a known scale', () => {
    const ruler: Shape = {
      type: 'ruler',
      points: [
        [0, 0],
        [300, 400],
      ],
    };
    expect(measureOf(ruler, 0.5)).to.deep.equal({ kind: 'length', value: 250, unit: 'µm' });
    expect(measureOf(ruler, null)).to.deep.equal({ kind: 'length', value: 500, unit: 'px' });
    expect(lengthMeasure(8000, 0.25)).to.deep.equal({ kind: 'length', value: 2, unit: 'mm' });
    const square: Shape = {
      type: 'rectangle',
      points: [
        [0, 0],
        [4000, 4000],
      ],
    };
    expect(measureOf(square, 0.25)).to.deep.equal({ kind: 'area', value: 1, unit: 'mm²' });
    expect(measureOf(square, null)).to.deep.equal({ kind: 'area', value: 16_000_000, unit: 'px²' });
    expect(measureOf({ type: 'point', points: [[1, 1]] }, 0.25)).to.equal(null);
  });

  it('are hit inside and near the line, open ones only near the line', () => {
    const triangle: Shape = {
      type: 'polygon',
      points: [
        [0, 0],
        [100, 0],
        [0, 100],
      ],
    };
    expect(hits(triangle, [20, 20], 1)).to.equal(true);
    expect(hits(triangle, [80, 80], 1)).to.equal(false);
    expect(hits(triangle, [-3, 50], 5)).to.equal(true);
    const ruler: Shape = {
      type: 'ruler',
      points: [
        [0, 0],
        [100, 100],
      ],
    };
    expect(hits(ruler, [50, 53], 5)).to.equal(true);
    expect(hits(ruler, [80, 20], 5)).to.equal(false);
    expect(hits({ type: 'point', points: [[10, 10]] }, [13, 14], 5)).to.equal(true);
    expect(hits({ type: 'point', points: [[10, 10]] }, [14, 14], 5)).to.equal(false);
  });

  it('are picked smallest first, so that a mitosis inside a tumour can be chosen', () => {
    const tumour = {
      name: 'tumour',
      shape: {
        type: 'rectangle',
        points: [
          [0, 0],
          [1000, 1000],
        ],
      } satisfies Shape as Shape,
    };
    const mitosis = {
      name: 'mitosis',
      shape: { type: 'point', points: [[500, 500]] } satisfies Shape as Shape,
    };
    expect(pick([mitosis, tumour], [502, 500], 5)?.name).to.equal('mitosis');
    expect(pick([mitosis, tumour], [600, 500], 5)?.name).to.equal('tumour');
    expect(pick([mitosis, tumour], [2000, 500], 5)).to.equal(null);
  });

  it('keep their ends and stay within the tolerance when simplified', () => {
    fc.assert(
      fc.property(
        fc.array(point, { minLength: 2, maxLength: 80 }),
        fc.double({ min: 0.1, max: 1e4, noNaN: true }),
        (points, tolerance) => {
          const simple = simplify(points, tolerance);
          expect(simple[0]).to.deep.equal(points[0]);
          expect(simple.at(-1)).to.deep.equal(points.at(-1));
          for (const each of points) {
            const nearest = Math.min(
              ...simple.map((from, i) =>
                distanceToOutline(
                  { type: 'ruler', points: [from, simple[i + 1] ?? from].map(([x, y]) => [x, y]) } as Shape,
                  each,
                ),
              ),
            );
            expect(nearest).to.be.at.most(tolerance * (1 + 1e-6) + 1e-6);
          }
        },
      ),
    );
  });

  it('simplify a very long stroke without running out of stack or time', () => {
    const stroke = Array.from({ length: 200_000 }, (_, i): Point => [i, Math.sin(i / 50) * 40]);
    expect(simplify(stroke, 0.5).length).to.be.within(100, 60_000);
  });

  it('move as a whole or by one point, and are rounded to a hundredth of a pixel', () => {
    const ruler: Shape = {
      type: 'ruler',
      points: [
        [1.23456, 2],
        [3, 4],
      ],
    };
    expect(movePoint(ruler, 1, [9, 9]).points).to.deep.equal([
      [1.23456, 2],
      [9, 9],
    ]);
    expect(moveBy(ruler, 1, 1).points[1]).to.deep.equal([4, 5]);
    expect(roundShape(ruler).points[0]).to.deep.equal([1.23, 2]);
  });

  it('stay on the slide: each point at the nearest place of it, a move no further than its edges', () => {
    const slide = { width: 3000, height: 2000 };
    const lies = ([x, y]: Point) => x >= 0 && x <= slide.width && y >= 0 && y <= slide.height;
    fc.assert(
      fc.property(polygon, coordinate, coordinate, (drawn, dx, dy) => {
        const shape: Shape = { ...drawn, points: drawn.points.map((at) => [...onSlide(at, slide)]) } as Shape;
        expect(shape.points.every(lies)).to.equal(true);
        const moved = moveOnSlide(shape, dx, dy, slide);
        expect(
          moved.points.every(([x, y]) => lies([Math.round(x * 1e6) / 1e6, Math.round(y * 1e6) / 1e6])),
        ).to.equal(true);
        expect(Math.abs(areaOf(moved) - areaOf(shape))).to.be.below(1);
      }),
    );
    expect(onSlide([10, 20], slide)).to.deep.equal([10, 20]);
    expect(onSlide([-5, 2500], slide)).to.deep.equal([0, 2000]);
  });
});
