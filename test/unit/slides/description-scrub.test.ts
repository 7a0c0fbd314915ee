import { scrubDescription } from '@relecture/server/slides/formats/allowed-metadata.js';
import { plausibleMpp, readScannerFacts } from '@relecture/server/slides/formats/scanner-text.js';
import { expect } from 'chai';
import fc from 'fast-check';

const APERIO =
  'Aperio Image Library v11.2.1 \r\n46000x32914 [42673,5576 2220x2967] (240x240) JPEG/RGB Q=30;Aperio Image Library v10.0.51\r\n' +
  '46920x33014 [0,100 46000x32914] (256x256) JPEG/RGB Q=30|AppMag = 20|StripeWidth = 2040|ScanScope ID = CPAPERIOCS|' +
  'Filename = CMU-1|Date = 12/29/09|Time = 09:59:15|User = b414003d-95c6-48b0-9369-8010ed517ba7|MPP = 0.4990|Left = 25.69|ImageID = 1004486';

describe('the scanner’s description', () => {
  it('gives scale and objective', () => {
    expect(readScannerFacts(APERIO)).to.deep.equal({ mpp: 0.499, objective: 20 });
    expect(readScannerFacts('Aperio x|MPP = 0,2527|AppMag = 40').mpp).to.equal(0.2527);
    expect(readScannerFacts('<OME><Pixels PhysicalSizeX="0.5" PhysicalSizeXUnit="µm"/></OME>').mpp).to.equal(
      0.5,
    );
    expect(readScannerFacts('<OME><Pixels PhysicalSizeX="0.5" PhysicalSizeXUnit="mm"/></OME>').mpp).to.equal(
      null,
    );
  });

  it('has no scale rather than an impossible one', () => {
    for (const mpp of ['0', '-1', 'nan', '1e3', '84.6', '0.0001', '']) {
      expect(readScannerFacts(`Aperio x|MPP = ${mpp}`).mpp, mpp).to.equal(null);
    }
    fc.assert(
      fc.property(fc.double(), (value) => {
        const mpp = plausibleMpp(value);
        expect(mpp === null || (mpp >= 0.02 && mpp <= 10)).to.equal(true);
      }),
    );
  });

  it('keeps what says how the image was made, in order', () => {
    expect(scrubDescription(APERIO)).to.equal(
      'Aperio Image Library v11.2.1 \r\n46000x32914 [42673,5576 2220x2967] (240x240) JPEG/RGB Q=30' +
        '|AppMag = 20|StripeWidth = 2040|MPP = 0.4990|Left = 25.69',
    );
  });

  it('changes nothing the second time, and never grows', () => {
    const once = scrubDescription(APERIO);
    expect(scrubDescription(once)).to.equal(once);
    expect(once.length).to.be.below(APERIO.length);
  });

  it('loses a planted name wherever it stands', () => {
    const name = fc.stringMatching(/^[A-Z][A-Z-]{3,12}[a-z]{3,8}$/);
    const key = fc.constantFrom('Filename', 'MPP', 'AppMag', 'Patient', 'Left', 'Gamma', 'Barcode', 'Title');
    fc.assert(
      fc.property(name, key, fc.nat(3), (planted, planteKey, place) => {
        const text = [
          `${APERIO}|${planteKey} = ${planted}`,
          `Aperio ${planted}\r\n${planted} 10x10|MPP = 0.5`,
          `Aperio Image Library v11.2.1 ${planted}\r\n46x46 [0,0 46x46] ${planted}|${planted} = 1`,
          `${planted}|MPP = 0.5`,
        ][place];
        expect(scrubDescription(text ?? '')).not.to.include(planted);
      }),
    );
  });

  it('keeps the scale of other writers in words of our own', () => {
    const text = scrubDescription('Scanner of DUPONT|MPP = 0.25|AppMag = 40');
    expect(text).to.equal('Relecture |AppMag = 40|MPP = 0.25');
    expect(readScannerFacts(text)).to.deep.equal({ mpp: 0.25, objective: 40 });
    expect(scrubDescription('<xml>DUPONT</xml>')).to.equal('');
  });
});
