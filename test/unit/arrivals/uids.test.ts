import { readUid, type UidKind, uidOf } from '@relecture/server/arrivals/dicomweb/uids.js';
import { expect } from 'chai';
import fc from 'fast-check';

describe('UIDs of cases and slides', () => {
  const id = fc.stringMatching(/^[0-9a-f]{24}$/);
  const kind = fc.constantFrom<UidKind>('study', 'series', 'instance');

  it('lead back to the record, are UIDs of the standard, and are told apart by kind and level', () => {
    fc.assert(
      fc.property(id, kind, fc.integer({ min: 0, max: 255 }), (record, what, level) => {
        const uid = uidOf(what, record, level);
        expect(uid).to.match(/^2\.25\.[1-9]\d*$|^2\.25\.\d$/);
        expect(uid.length).to.be.at.most(64);
        expect(readUid(uid)).to.deep.equal({ kind: what, id: record, level });
        const uuid = BigInt(uid.slice(5)).toString(16).padStart(32, '0');
        expect(uuid[12]).to.equal('8');
        expect('89ab').to.include(uuid[16]);
      }),
    );
  });

  it('read nothing into the UIDs of others', () => {
    for (const uid of ['', '1.2.840.1', '2.25.', '2.25.12', `2.25.${'9'.repeat(39)}`])
      expect(readUid(uid)).to.equal(null);
  });
});
