import { randomBytes } from 'node:crypto';
import { canonicalJson, sealOf, signingKeyFrom, verificationCodeOf } from '@relecture/server/reports/seal.js';
import { stampPdf, verifyPdf } from '@relecture/server/reports/stamp.js';
import { expect } from 'chai';
import fc from 'fast-check';
import { facts } from './facts.js';

const reversed = (value: unknown): unknown =>
  Array.isArray(value)
    ? value.map(reversed)
    : value !== null && typeof value === 'object'
      ? Object.fromEntries(
          Object.entries(value)
            .reverse()
            .map(([name, item]) => [name, reversed(item)]),
        )
      : value;

describe('seal', () => {
  it('writes the same facts as the same bytes, whatever the order of their names', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(canonicalJson(reversed(value))).to.equal(canonicalJson(value));
        expect(JSON.parse(canonicalJson(value))).to.deep.equal(JSON.parse(JSON.stringify(value)));
      }),
    );
  });

  it('breaks with any fact that changes', () => {
    const seal = sealOf(facts());
    const others = [
      facts({ caseNumber: 'R26-000043' }),
      facts({ kind: 'preliminary' }),
      facts({ number: 2 }),
      facts({ amendment: 'x' }),
      facts({ signedAt: '2026-11-20T14:05:00.001Z' }),
      facts({ content: { ...facts().content, conclusion: 'Lymphome folliculaire' } }),
      facts({ signer: { ...facts().signer, rpps: null } }),
      facts({ slides: [{ slideId: 'b'.repeat(24), sha256: `${'c'.repeat(63)}d` }] }),
      facts({ annotations: [{ id: '0b5f', version: 2, sha256: `${'d'.repeat(63)}e` }] }),
      facts({ annotations: [{ id: '0b5f', version: 3, sha256: 'd'.repeat(64) }] }),
      facts({ annotations: [] }),
      facts({ previous: seal }),
    ].map(sealOf);
    expect(new Set([seal, ...others]).size).to.equal(others.length + 1);
  });

  it('gives a code that people can read aloud', () => {
    expect(verificationCodeOf(sealOf(facts()))).to.match(/^[0-9A-HJKMNP-TV-Z]{5}-[0-9A-HJKMNP-TV-Z]{5}$/);
  });
});

describe('stamp of a PDF', () => {
  const key = signingKeyFrom(Buffer.alloc(32, 7));
  const pdf = Buffer.from('%PDF-1.7\n1 0 obj<<>>endobj\nxref\n0 1\ntrailer<<>>\nstartxref\n27\n%%EOF\n');
  const stamped = stampPdf(pdf, facts(), key);

  it('keeps every byte and the end of the file where readers seek it', () => {
    expect(
      stamped.subarray(0, pdf.indexOf('startxref')).equals(pdf.subarray(0, pdf.indexOf('startxref'))),
    ).to.equal(true);
    expect(stamped.toString('latin1').endsWith('startxref\n27\n%%EOF\n')).to.equal(true);
  });

  it('tells what was signed, by whom and with which key', () => {
    expect(verifyPdf(stamped)).to.deep.equal({
      verdict: 'valid',
      caseNumber: 'R26-000042',
      networkId: 'LYMPHOPATH',
      kind: 'final',
      number: 1,
      signedAt: '2026-11-20T14:05:00.000Z',
      signer: 'Pr Hélène Œuvrard',
      conclusion: 'Lymphome folliculaire.',
      slides: 1,
      annotations: 1,
      seal: sealOf(facts()),
      keyFingerprint: key.fingerprint,
    });
  });

  it('is broken by any bit of any byte', () => {
    for (let at = 0; at < stamped.length; at++) {
      const changed = Buffer.from(stamped);
      changed[at] = (changed[at] ?? 0) ^ (1 << (at % 8));
      expect(verifyPdf(changed).verdict, `byte ${at}`).to.not.equal('valid');
    }
  });

  it('is broken by bytes added, taken away or moved', () => {
    fc.assert(
      fc.property(fc.nat(stamped.length), fc.uint8Array({ minLength: 1, maxLength: 40 }), (at, bytes) => {
        const longer = Buffer.concat([stamped.subarray(0, at), bytes, stamped.subarray(at)]);
        expect(verifyPdf(longer).verdict).to.not.equal('valid');
        const shorter = Buffer.concat([stamped.subarray(0, at), stamped.subarray(at + bytes.length)]);
        if (shorter.length < stamped.length) expect(verifyPdf(shorter).verdict).to.not.equal('valid');
      }),
    );
  });

  it('shows another key when somebody signs a report of their own making', () => {
    const forged = verifyPdf(
      stampPdf(pdf, facts({ caseNumber: 'R26-999999' }), signingKeyFrom(randomBytes(32))),
    );
    expect(forged).to.include({ verdict: 'valid', caseNumber: 'R26-999999' });
    expect(forged).to.not.include({ keyFingerprint: key.fingerprint });
  });

  it('is not fooled by the line of one report in another file', () => {
    const line = stamped.subarray(stamped.indexOf('\n%RELECTURE-SEAL '), stamped.lastIndexOf('startxref'));
    const other = Buffer.from('%PDF-1.7\n2 0 obj<<>>endobj\nstartxref\n27\n%%EOF\n');
    const end = other.indexOf('startxref');
    expect(verifyPdf(Buffer.concat([other.subarray(0, end), line, other.subarray(end)])).verdict).to.equal(
      'altered',
    );
  });

  it('does not take other files for reports', () => {
    for (const file of [pdf, Buffer.alloc(0), Buffer.from('hello'), randomBytes(4000)]) {
      expect(verifyPdf(file)).to.deep.equal({ verdict: 'not_a_report' });
    }
  });
});
