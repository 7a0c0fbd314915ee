import { isAstray } from '@relecture/shared/cases/parcels.js';
import { expect } from 'chai';

describe('a parcel astray', () => {
  const to = (...houses: string[]) => houses.map((organisation) => ({ organisation }));
  const parcel = (status: 'declared' | 'sent' | 'received' | 'returned', ...sentTo: string[]) => ({
    status,
    sentTo,
  });

  it('is where nobody reads the case, on its way or arrived', () => {
    expect(isAstray(parcel('sent', 'Garros'), to('Flandres'))).to.equal(true);
    expect(isAstray(parcel('received', 'Garros'), to('Flandres', 'Océan'))).to.equal(true);
  });

  it('is not where one of the readers is', () => {
    expect(isAstray(parcel('sent', 'Garros'), to('Flandres', 'Garros'))).to.equal(false);
    expect(isAstray(parcel('received', 'Garros', 'Flandres'), to('Flandres'))).to.equal(false);
  });

  it('is not what has not left, has come back, went nobody knows where, or is read by nobody any more', () => {
    expect(isAstray(parcel('declared', 'Garros'), to('Flandres'))).to.equal(false);
    expect(isAstray(parcel('returned', 'Garros'), to('Flandres'))).to.equal(false);
    expect(isAstray(parcel('sent'), to('Flandres'))).to.equal(false);
    expect(isAstray(parcel('received', 'Garros'), [])).to.equal(false);
  });
});
