import { reportContent } from '@relecture/shared/reports/schema.js';
import { climbLadder, type LadderFacts, markersToProve } from '@relecture/shared/reviews/reading-ladder.js';
import { expect } from 'chai';
import fc from 'fast-check';

const opinion = (part: Partial<LadderFacts['content']> = {}) => ({ ...reportContent.parse({}), ...part });
const climb = (part: Partial<LadderFacts> = {}) =>
  climbLadder({
    networkId: 'NETSARC+',
    level: 2,
    levels: ['second', 'third', 'collegial'],
    content: opinion({ morphology: '8858/3' }),
    provenMarkers: [],
    ancillaryTests: [],
    thirdAsked: false,
    ...part,
  });
const fish = (name: string, result: 'positive' | 'negative' = 'positive') => ({
  kind: 'in_situ_hybridisation' as const,
  name,
  result,
});
const stain = (name: string) => ({
  kind: 'immunohistochemistry' as const,
  name,
  result: 'positive' as const,
});

describe('the reading ladder', () => {
  it('closes a second reading whose diagnosis is locked by its marker', () => {
    expect(climb({ ancillaryTests: [fish('MDM2 (FISH)')] })).to.deep.equal({
      next: 'closed',
      why: 'locked',
      markers: ['MDM2'],
      session: false,
    });
    expect(climb({ provenMarkers: ['MDM2'] }).why).to.equal('locked');
    for (const [morphology, tests] of [
      ['8936/3', [stain('c-KIT'), stain('DOG1')]],
      ['8936/3', [stain('CD117'), stain('DOG-1')]],
      ['9140/3', [stain('HHV-8')]],
      ['8821/1', [{ ...fish('CTNNB1'), kind: 'molecular' as const }]],
      ['9040/3', [fish('SS18::SSX1')]],
    ] as const)
      expect(
        climb({ content: opinion({ morphology }), ancillaryTests: [...tests] }).why,
        morphology,
      ).to.equal('locked');
  });

  it('asks for a third reading otherwise: half a proof, a negative test, a stain for an amplification, another entity', () => {
    for (const facts of [
      { ancillaryTests: [] },
      { ancillaryTests: [fish('MDM2', 'negative')] },
      { ancillaryTests: [stain('MDM2')] },
      { content: opinion({ morphology: '8936/3' }), ancillaryTests: [stain('KIT')] },
      { content: opinion({ morphology: '8890/3' }), ancillaryTests: [fish('MDM2')] },
      { content: opinion({ outcome: 'no_tumour' }), ancillaryTests: [fish('MDM2')] },
    ])
      expect(climb(facts)).to.deep.include({ next: 'third', why: 'not_locked' });
    expect(climb({ provenMarkers: ['MDM2'], thirdAsked: true })).to.deep.include({
      next: 'third',
      why: 'asked',
    });
  });

  it('elsewhere asks for one where the second reader asks, or cannot say', () => {
    const lymphoma = { networkId: 'LYMPHOPATH', content: opinion({ morphology: '9690/3' }) };
    expect(climb(lymphoma)).to.deep.include({ next: 'closed', why: 'sure' });
    expect(climb({ ...lymphoma, thirdAsked: true }).next).to.equal('third');
    expect(climb({ ...lymphoma, content: opinion({ outcome: 'unclassifiable' }) }).next).to.equal('third');
    expect(climb({ ...lymphoma, levels: ['second'], thirdAsked: true }).why).to.equal('no_third_level');
  });

  it('lists for the collegial session what ends discordant or unclassifiable', () => {
    const { concordance } = opinion();
    const discordant = opinion({ concordance: { ...concordance, agreement: 'discordant' } });
    expect(climb({ level: 3, content: discordant }).session).to.equal(true);
    expect(climb({ level: 3, content: opinion({ outcome: 'unclassifiable' }) }).session).to.equal(true);
    expect(climb({ content: discordant }).session, 'not before the third reading').to.equal(false);
    expect(climb({ level: 3, content: discordant, levels: ['second', 'third'] }).session).to.equal(false);
  });

  it('never climbs past a third reading, and one more proof never opens one', () => {
    const morphologies = fc.constantFrom('8936/3', '8858/3', '9260/3', '8890/3', null);
    const markers = fc.subarray(['KIT', 'DOG1', 'MDM2', 'EWSR1']);
    fc.assert(
      fc.property(morphologies, markers, markers, (morphology, some, more) => {
        const content = opinion({ morphology });
        expect(climb({ level: 3, content, provenMarkers: some, thirdAsked: true }).next).to.equal('closed');
        if (climb({ content, provenMarkers: some }).next === 'closed')
          expect(climb({ content, provenMarkers: [...some, ...more] }).next).to.equal('closed');
        const asked = markersToProve('NETSARC+', morphology);
        if (asked.length > 0) expect(climb({ content, provenMarkers: asked }).why).to.equal('locked');
      }),
    );
  });
});
