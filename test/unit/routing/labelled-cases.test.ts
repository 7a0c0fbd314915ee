import { expect } from 'chai';
import { examinedCases, givenCases, idsOf, type LabelledCase, ownCases, routeCase } from './cases.js';

function check(labelled: LabelledCase): void {
  const decision = routeCase(labelled);
  const accepted = [labelled.expected_networks, ...(labelled.also_accepted ?? [])].map((ids) =>
    ids.join(', '),
  );
  expect(accepted).to.include(idsOf(decision).join(', '));
  expect(decision.outcome).to.equal(labelled.expected_outcome);
}

for (const [name, cases] of [
  ['given', givenCases],
  ['own', ownCases],
  ['examined', examinedCases],
] as const) {
  describe(`labelled routing cases (${name})`, () => {
    for (const labelled of cases) {
      it(`${labelled.id} ${labelled.title_fr} [${labelled.confidence}]`, () => check(labelled));
    }
  });
}
