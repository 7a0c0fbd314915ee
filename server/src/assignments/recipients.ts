import type { ParcelRecipient } from '@relecture/shared/cases/page.js';
import { findNetwork } from '../networks/index.js';
import { isOpen, reviewsOfCase } from '../reviews/index.js';
import { displayName, getOrganisation, getUser, listCoordinators } from '../users/index.js';

/** Where a parcel goes: to the expert who has the case, and before there is one to the network's coordination. */
export async function recipientsOf(caseId: string): Promise<ParcelRecipient[]> {
  const recipients = new Map<string, ParcelRecipient>();
  for (const { assignment, networkId, ...review } of await reviewsOfCase(caseId)) {
    if (!isOpen(review)) continue;
    const [coordinatorId] = assignment ? [] : await listCoordinators(networkId);
    const userId = assignment?.reviewerId ?? coordinatorId;
    const user = userId ? await getUser(userId) : null;
    const centre = findNetwork(networkId)?.coordinatingCentre;
    if (user) {
      const { name, address } = await getOrganisation(user.organisationId);
      recipients.set(String(user._id), {
        networkId,
        name: displayName(user),
        organisation: name,
        address: address ?? null,
      });
    } else if (centre) {
      recipients.set(networkId, { networkId, name: '', organisation: centre, address: null });
    }
  }
  return [...recipients.values()];
}
