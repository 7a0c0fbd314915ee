import { wordAccounts } from '@relecture/server/demo/word-accounts.js';
import { expect } from 'chai';

describe('the accounts of the demo, as npm start prints them', () => {
  it('say who each is and for which networks', () => {
    expect(
      wordAccounts([
        { email: 'a@demo.test', roles: ['submitter'], networks: [], national: false },
        {
          email: 'expert@demo.test',
          roles: ['coordinator'],
          networks: [{ networkId: 'RNLC', as: 'coordinator', competences: [], ages: 'all', third: false }],
          national: true,
        },
      ]),
    ).to.deep.equal([
      'a@demo.test       pathologiste demandeur',
      'expert@demo.test  coordonnateur · RNLC, national',
    ]);
  });
});
