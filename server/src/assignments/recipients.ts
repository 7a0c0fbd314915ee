import { findNetwork } from '../networks/index.js';
import { isOpen, reviewsOfCase } from '../reviews/index.js';
import { getPerson, listCoordinators } from '../users/index.js';

/** Where a parcel goes: to the expert who has the case, and before there is one to the network's coordination. */
export async function recipientsOf(caseId: string): Promise<Array<{ name: string; organisation: string }>> {
  const recipients = new Map<string, { name: string; organisation: string }>();
  for (const { assignment, networkId, ...review } of await reviewsOfCase(caseId)) {
    if (!isOpen(review)) continue;
    const [coordinatorId] = assignment ? [] : await listCoordinators(networkId);
    const person = assignment?.reviewer ?? (coordinatorId ? await getPerson(coordinatorId) : null);
    const centre = findNetwork(networkId)?.coordinatingCentre;
    if (person) recipients.set(person.id, { name: person.displayName, organisation: person.organisation });
    else if (centre) recipients.set(networkId, { name: `Coordination ${networkId}`, organisation: centre });
  }
  return [...recipients.values()];
}
