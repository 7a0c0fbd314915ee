import type { Point } from '@relecture/shared/annotations/geometry.js';
import { shape } from '@relecture/shared/annotations/schema.js';
import {
  click,
  close,
  drag,
  enter,
  hover,
  leave,
  press,
  preview,
  release,
  type Stroke,
  stepBack,
  worthOffering,
} from '@relecture/shared/annotations/stroke.js';
import { expect } from 'chai';
import fc from 'fast-check';

const reach = 8;
const drawn = (tool: 'rectangle' | 'ruler' | 'freehand', path: Point[]) => {
  let stroke = press(null, tool, path[0]!).stroke;
  for (const at of path.slice(1)) stroke = drag(stroke, at).stroke;
  return release(stroke, path.at(-1)!, reach);
};

describe('a stroke', () => {
  it('draws a rectangle and a ruler by dragging, or by two clicks', () => {
    for (const tool of ['rectangle', 'ruler'] as const) {
      const expected = {
        type: tool,
        points: [
          [10, 10],
          [200, 90],
        ],
      };
      expect(
        drawn(tool, [
          [10, 10],
          [100, 50],
          [200, 90],
        ]).finished,
      ).to.deep.equal(expected);
      const first = click(null, tool, [10, 10], reach);
      expect(first.finished).to.equal(null);
      expect(click(first.stroke, tool, [200, 90], reach).finished).to.deep.equal(expected);
      // A press that does not move is the first of two clicks, not an empty shape.
      const pressed = release(press(null, tool, [10, 10]).stroke, [11, 11], reach);
      expect(pressed.finished).to.equal(null);
      expect(click(pressed.stroke, tool, [200, 90], reach).finished).to.deep.equal(expected);
    }
  });

  it('closes a polygon on its first corner, by a double click, and not before three corners', () => {
    let stroke: Stroke | null = null;
    for (const at of [
      [0, 0],
      [100, 0],
    ] as Point[])
      stroke = click(stroke, 'polygon', at, reach).stroke;
    expect(close(stroke).finished).to.equal(null);
    stroke = click(stroke, 'polygon', [100, 100], reach).stroke;
    // The second click of a double click falls on the corner just made.
    stroke = click(stroke, 'polygon', [100.5, 100], reach).stroke;
    expect(close(stroke).finished?.points).to.have.length(3);
    expect(click(stroke, 'polygon', [3, 3], reach).finished?.points).to.have.length(3);
  });

  it('takes corners back one by one', () => {
    let stroke: Stroke | null = null;
    for (const at of [
      [0, 0],
      [50, 0],
      [50, 50],
    ] as Point[])
      stroke = click(stroke, 'polygon', at, reach).stroke;
    stroke = stepBack(stroke);
    expect(stroke?.points).to.have.length(2);
    expect(stepBack(stepBack(stroke))).to.equal(null);
  });

  it('keeps a freehand outline and forgets a mere tremble of the hand', () => {
    const circle = Array.from(
      { length: 400 },
      (_, i): Point => [100 * Math.cos(i / 63), 100 * Math.sin(i / 63)],
    );
    const outline = drawn('freehand', circle).finished;
    expect(outline?.points.length).to.be.within(20, 399);
    expect(
      drawn('freehand', [
        [0, 0],
        [1, 1],
        [2, 0],
      ]).finished,
    ).to.equal(null);
  });

  it('places a point at each click', () => {
    expect(click(null, 'point', [5.123, 6], reach).finished).to.deep.equal({
      type: 'point',
      points: [[5.12, 6]],
    });
  });

  it('only ever ends in a shape that the server accepts', () => {
    const coordinate = fc.double({ min: -1e6, max: 1e6, noNaN: true });
    const at = fc.tuple(coordinate, coordinate);
    const act = fc.record({
      tool: fc.constantFrom('rectangle', 'polygon', 'freehand', 'point', 'ruler'),
      kind: fc.constantFrom('press', 'drag', 'release', 'click', 'hover', 'back', 'close'),
      at,
    });
    fc.assert(
      fc.property(fc.array(act, { maxLength: 60 }), (acts) => {
        let stroke: Stroke | null = null;
        for (const { tool, kind, at: where } of acts) {
          // The tool cannot change in the middle of a stroke: choosing another one abandons it.
          const using = (stroke?.tool ?? tool) as Stroke['tool'];
          if (kind === 'hover') stroke = hover(stroke, where);
          else if (kind === 'back') stroke = stepBack(stroke);
          else {
            const result: { stroke: Stroke | null; finished: unknown } =
              kind === 'press'
                ? press(stroke, using, where)
                : kind === 'drag'
                  ? drag(stroke, where)
                  : kind === 'release'
                    ? release(stroke, where, reach)
                    : kind === 'click'
                      ? click(stroke, using, where, reach)
                      : close(stroke);
            stroke = result.stroke;
            if (result.finished) expect(shape.safeParse(result.finished).success).to.equal(true);
          }
          if (stroke) expect(preview(stroke).points.length).to.be.greaterThan(0);
        }
      }),
    );
  });

  it('closes with Enter a contour drawn by the pointer, and adds no corner to it', () => {
    const corners: Point[] = [
      [0, 0],
      [100, 0],
      [100, 100],
    ];
    let stroke: Stroke | null = null;
    for (const at of corners) stroke = click(stroke, 'polygon', at, reach).stroke;
    expect(enter(stroke, 'polygon', [500, 500], reach, false)).to.deep.equal({
      stroke: null,
      finished: { type: 'polygon', points: corners },
    });
    const two = stepBack(stroke);
    expect(enter(two, 'polygon', [500, 500], reach, false).stroke, 'too few to close').to.equal(two);
  });

  it('by keys alone: Enter puts corners, and closes when pressed twice at one place', () => {
    const corners: Point[] = [
      [0, 0],
      [100, 0],
      [100, 100],
    ];
    let stroke: Stroke | null = null;
    for (const at of corners) stroke = enter(stroke, 'polygon', at, reach, true).stroke;
    expect(stroke?.points).to.deep.equal(corners);
    expect(enter(stroke, 'polygon', [100, 100], reach, true).finished?.points).to.deep.equal(corners);
  });

  it('left half-way, keeps what can be closed and offers again what cannot', () => {
    let stroke: Stroke | null = null;
    for (let corner = 1; corner <= 6; corner++) {
      stroke = click(stroke, 'polygon', [corner * 50, corner * corner * 10], reach).stroke;
      expect(leave(stroke).finished?.points.length ?? 0).to.equal(corner >= 3 ? corner : 0);
      expect(worthOffering(stroke)).to.equal(corner >= 2);
    }
    expect(leave(press(null, 'rectangle', [1, 1]).stroke)).to.deep.equal({ stroke: null, finished: null });
    expect(worthOffering(null)).to.equal(false);
  });
});
