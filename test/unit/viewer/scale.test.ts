import {
  magnificationAt,
  nativeMagnification,
  normalAngle,
  OBJECTIVES,
  scaleBarFor,
  zoomForObjective,
} from '@relecture/shared/annotations/scale.js';
import { expect } from 'chai';
import fc from 'fast-check';

describe('magnification', () => {
  it('is the objective that shows the same field', () => {
    const scale = { mpp: 0.499, objective: 20 };
    for (const objective of OBJECTIVES) {
      expect(magnificationAt(zoomForObjective(objective, scale), scale)).to.deep.equal({
        value: objective,
        unit: 'objective',
        beyondNative: objective > 20,
      });
    }
  });

  it('is deduced from the scale when the scanner does not name its objective', () => {
    expect(nativeMagnification({ mpp: 0.25, objective: null })).to.equal(40);
    expect(magnificationAt(0.5, { mpp: 0.25, objective: null }).value).to.equal(20);
  });

  it('is a percentage, never an invented objective, when nothing is known', () => {
    expect(magnificationAt(0.5, { mpp: null, objective: null })).to.deep.equal({
      value: 50,
      unit: 'percent',
      beyondNative: false,
    });
    expect(zoomForObjective(40, { mpp: null, objective: null })).to.equal(1);
  });
});

describe('scale bar', () => {
  it('is a round length that fits, and never less than 40 % of the room', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 1e-4, max: 20, noNaN: true }),
        fc.option(fc.double({ min: 0.05, max: 5, noNaN: true })),
        (zoom, mpp) => {
          const bar = scaleBarFor(zoom, mpp, 160);
          expect(bar.screenPixels).to.be.at.most(160.001);
          expect(bar.screenPixels).to.be.at.least(63.9);
          expect(String(bar.value * 1e6)).to.match(/^[125]/);
          expect(bar.unit).to.equal(mpp === null ? 'px' : bar.unit === 'mm' ? 'mm' : 'µm');
        },
      ),
    );
  });

  it('says millimetres from 1000 µm on', () => {
    expect(scaleBarFor(0.05, 0.25, 210)).to.deep.include({ value: 1, unit: 'mm' });
    expect(scaleBarFor(1, 0.25, 210)).to.deep.include({ value: 50, unit: 'µm' });
  });
});

describe('rotation', () => {
  it('reads between 0 and 360 degrees', () => {
    expect([-15, 0, 345, 360, 735].map(normalAngle)).to.deep.equal([345, 0, 345, 0, 15]);
  });
});
