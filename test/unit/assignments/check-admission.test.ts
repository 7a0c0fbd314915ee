import { type AdmissionFacts, checkAdmission } from '@relecture/server/assignments/check-admission.js';
import { holderOfLacks, readLack, writeLack } from '@relecture/shared/assignments/admission.js';
import type { Shipment } from '@relecture/shared/cases/schema.js';
import { expect } from 'chai';
import fc from 'fast-check';

const RULES = {
  minimumSlides: 1,
  requiredStains: ['HES'],
  requiresReport: true,
  acceptsShipment: true,
  recommendedMaterial: [],
};
const slide = (stain: string, status: AdmissionFacts['slides'][number]['status'] = 'ready') => ({
  status,
  stain,
  refusedAfterSending: false,
  checking: false,
  holds: [] as AdmissionFacts['slides'][number]['holds'],
});
const parcel = (status: Shipment['status'], ...items: Array<Partial<Shipment['items'][number]>>) => ({
  status,
  items: items.map((item) => ({ kind: 'block' as const, label: '', count: 1, stain: '', ...item })),
});
const lacks = (facts: Partial<AdmissionFacts>, rules = RULES) =>
  checkAdmission({ hasReport: true, slides: [], shipments: [], ...facts }, rules);
const said = (facts: Partial<AdmissionFacts>, rules = RULES) => lacks(facts, rules).map(writeLack);

describe('check-admission', () => {
  it('admits a readable slide with the stain that the network requires', () => {
    expect(said({ slides: [slide('HES')] })).to.deep.equal([]);
    expect(said({ slides: [slide('H&E'), slide('CD20')] })).to.deep.equal([]);
  });

  it('holds a case without that stain, and names it', () => {
    expect(said({ slides: [slide('CD20')] })).to.deep.equal(['stain:HES']);
    expect(said({ slides: [slide('')] })).to.deep.equal(['stain:HES']);
    const several = { ...RULES, requiredStains: ['HES', 'Ki-67'] };
    expect(said({ slides: [slide('HES')] }, several)).to.deep.equal(['stain:Ki-67']);
  });

  it('counts a parcel when it was received, not when it was declared or sent', () => {
    expect(said({ shipments: [parcel('declared', {})] })).to.deep.equal(['parcel_to_send']);
    expect(said({ shipments: [parcel('sent', {})] })).to.deep.equal(['parcel_on_its_way']);
    expect(said({ shipments: [parcel('received', {})] })).to.deep.equal([]);
    expect(said({ shipments: [parcel('returned', {})] })).to.deep.equal(['slides:1', 'stain:HES']);
  });

  it('asks stained glass for its stain, and nothing of a block or of unstained sections', () => {
    const glass = { kind: 'glass_slide' as const };
    expect(said({ shipments: [parcel('received', glass)] })).to.deep.equal(['stain:HES']);
    expect(said({ shipments: [parcel('received', { ...glass, stain: 'HE' })] })).to.deep.equal([]);
    expect(said({ shipments: [parcel('received', { kind: 'unstained_sections' })] })).to.deep.equal([]);
    // Told before the parcel is posted, when it can still be put right.
    expect(said({ shipments: [parcel('declared', { ...glass, stain: 'CD20' })] })).to.deep.equal([
      'stain:HES',
      'parcel_to_send',
    ]);
    expect(said({ slides: [slide('CD20')], shipments: [parcel('sent', {})] })).to.deep.equal([
      'parcel_on_its_way',
    ]);
  });

  it('waits for slides that are on their way, and for what the sender was refused', () => {
    expect(said({ slides: [slide('HES', 'processing')] })).to.deep.equal(['slides_in_preparation']);
    expect(said({ slides: [slide('HES', 'receiving')] })).to.deep.equal(['slides_arriving']);
    expect(
      said({ slides: [slide('HES'), { ...slide('CD20', 'rejected'), refusedAfterSending: true }] }),
    ).to.deep.equal(['slide_refused']);
    expect(said({ slides: [slide('HES'), slide('HES', 'removed')] })).to.deep.equal([]);
  });

  it('holds a case without its report, and one by post for a network that reads none', () => {
    expect(said({ hasReport: false, slides: [slide('HES')] })).to.deep.equal(['report']);
    expect(said({ shipments: [parcel('received', {})] }, { ...RULES, acceptsShipment: false })).to.deep.equal(
      ['slides:1', 'stain:HES'],
    );
  });

  it('leaves the clock with whoever has to act first', () => {
    const holder = (facts: Partial<AdmissionFacts>) => holderOfLacks(lacks(facts));
    expect(holder({ shipments: [parcel('sent', {})] })).to.equal('transfer');
    expect(holder({ shipments: [parcel('declared', {})] })).to.equal('submitter');
    expect(holder({ slides: [slide('HES', 'processing')] })).to.equal('admission');
    expect(holder({ slides: [slide('CD20'), slide('CD3', 'processing')] })).to.equal('submitter');
  });

  it('never lacks more because more has come', () => {
    const anySlide = fc.record({
      status: fc.constantFrom('ready' as const, 'removed' as const),
      stain: fc.constantFrom('HES', 'CD20', ''),
      refusedAfterSending: fc.constant(false),
      checking: fc.constant(false),
      holds: fc.constantFrom([], ['focus' as const]),
    });
    fc.assert(
      fc.property(
        fc.array(anySlide, { maxLength: 6 }),
        fc.constantFrom('HES', 'CD20', ''),
        (slides, stain) => {
          const before = new Set(said({ slides }));
          for (const lack of said({ slides: [...slides, slide(stain)] })) expect(before).to.include(lack);
        },
      ),
    );
  });

  it('holds what was found amiss, each with its number, and waits for what is looked at', () => {
    const bad = (...holds: AdmissionFacts['slides'][number]['holds']) => ({ ...slide('HES'), holds });
    expect(said({ slides: [bad('focus'), bad('focus', 'identity'), slide('HES')] })).to.deep.equal([
      'slide_label_differs:1',
      'slide_blurred:2',
    ]);
    expect(said({ slides: [bad('tissue'), bad('black')] })).to.deep.equal(['slide_blank:1', 'slide_black:1']);
    const looked = { slides: [{ ...slide('HES'), checking: true }] };
    expect(said(looked)).to.deep.equal(['slides_in_checks']);
    expect(holderOfLacks(lacks(looked))).to.equal('admission');
    expect(holderOfLacks(lacks({ slides: [bad('focus')] }))).to.equal('submitter');
  });

  it('reads back what an event carries', () => {
    for (const lack of lacks({
      hasReport: false,
      slides: [slide('', 'receiving')],
      shipments: [parcel('sent', {})],
    }))
      expect(readLack(writeLack(lack))).to.deep.equal(lack);
    expect(readLack('stain:t(11;14):x')?.what).to.equal('t(11;14):x');
    expect(readLack('nonsense')).to.equal(null);
  });
});
