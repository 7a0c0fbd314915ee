import {
  canonicalJson,
  sealOf,
  signingKeyFrom,
  stampPdf,
  verificationCodeOf,
  verifyPdf,
} from '@relecture/server/reports/seal.js';
import { reportContent } from '@relecture/shared/reports/schema.js';
import { expect } from 'chai';
import fc from 'fast-check';

const FACTS = {
  caseNumber: 'R26-000001',
  networkId: 'LYMPHOPATH',
  kind: 'final',
  number: 1,
  content: reportContent.parse({ conclusion: 'Lymphome folliculaire.' }),
  amendment: '',
  signedAt: '2026-11-23T10:00:00.000Z',
  signer: { id: 'a', name: 'Pr B', organisation: 'CHU', rpps: null },
  slides: [{ slideId: 's1', sha256: 'aa' }],
  annotations: [{ id: 'x', version: 3 }],
  previous: null,
};
const KEY = signingKeyFrom(Buffer.alloc(32, 7));
const PDF = Buffer.from('%PDF-1.4\nthe visible words\n%%EOF');
const TRAILER = { c: 'R26-000001', k: 'final', n: 1, t: FACTS.signedAt, s: 'Pr B', h: sealOf(FACTS) };

describe('seal', () => {
  it('is the same whatever the order of the keys', () => {
    expect(canonicalJson({ b: 1, a: [{ d: 1, c: 2 }] })).to.equal('{"a":[{"c":2,"d":1}],"b":1}');
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (value) => {
        const turned = Object.fromEntries(Object.entries(value).reverse());
        expect(canonicalJson(turned)).to.equal(canonicalJson(value));
        expect(JSON.parse(canonicalJson(value))).to.deep.equal(JSON.parse(JSON.stringify(value)));
      }),
    );
  });

  it('changes with a vertex’s version, a slide, a word, the signer and the version before', () => {
    const seals = [
      FACTS,
      { ...FACTS, annotations: [{ id: 'x', version: 4 }] },
      { ...FACTS, slides: [{ slideId: 's1', sha256: 'ab' }] },
      { ...FACTS, content: { ...FACTS.content, conclusion: 'Lymphome folliculaire' } },
      { ...FACTS, signer: { ...FACTS.signer, name: 'Pr C' } },
      { ...FACTS, previous: 'ff' },
    ].map(sealOf);
    expect(new Set(seals).size).to.equal(seals.length);
    expect(verificationCodeOf(seals[0] ?? '')).to.match(/^[0-9A-Z]{5}-[0-9A-Z]{5}$/);
  });

  it('verifies a stamped file, and tells what it is', () => {
    expect(verifyPdf(stampPdf(PDF, TRAILER, KEY))).to.include({
      verdict: 'valid',
      caseNumber: 'R26-000001',
      signer: 'Pr B',
      keyFingerprint: KEY.fingerprint,
    });
  });

  it('fails when any one byte changes, anywhere', () => {
    const file = stampPdf(PDF, TRAILER, KEY);
    for (let at = 0; at < file.length; at++) {
      const changed = Buffer.from(file);
      changed[at] = (changed[at] ?? 0) ^ 1;
      expect(verifyPdf(changed).verdict, `byte ${at}`).to.not.equal('valid');
    }
  });

  it('fails when something is added or cut off', () => {
    const file = stampPdf(PDF, TRAILER, KEY);
    expect(verifyPdf(Buffer.concat([file, Buffer.from('x')])).verdict).to.equal('altered');
    expect(verifyPdf(file.subarray(0, -1)).verdict).to.equal('altered');
    expect(verifyPdf(PDF).verdict).to.equal('not_a_report');
    expect(verifyPdf(Buffer.alloc(0)).verdict).to.equal('not_a_report');
  });
});
