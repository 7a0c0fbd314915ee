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

/**
 * Can it be read? It has come, and it was not sent on to another house, or has come there too: while it travels between
 * two readers, nobody's reading time runs. One that lies where nobody reads stops no clock: somebody has to send it on.
 */
export const hasArrived = ({
  status,
  forwardedOn,
  arrivedOn,
}: Pick<Shipment, 'status'> & Partial<Pick<Shipment, 'forwardedOn' | 'arrivedOn'>>): boolean =>
  status === 'received' && (!forwardedOn || Boolean(arrivedOn));
