import type { ParcelRecipient } from './page.js';
import type { Shipment } from './schema.js';

/**
 * Is what was sent in a house where nobody reads the case, or on its way there? A reader may decline, and another be
 * chosen, while a parcel travels. What nobody knows the way of is not called astray.
 */
export function isAstray(
  { status, sentTo }: Pick<Shipment, 'status' | 'sentTo'>,
  recipients: readonly Pick<ParcelRecipient, 'organisation'>[],
): boolean {
  return (
    (status === 'sent' || status === 'received') &&
    sentTo.length > 0 &&
    recipients.length > 0 &&
    !recipients.some(({ organisation }) => sentTo.includes(organisation))
  );
}
