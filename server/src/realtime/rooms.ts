import { room } from '@relecture/shared/events/sockets.js';
import { type CaseRecord, getCase, maySeeCase } from '../cases/index.js';
import { hasRole, type Principal } from '../platform/principal.js';
import { getSlide } from '../slides/index.js';

/** Joining a room passes the same policy as reading over HTTP. */
export async function mayJoin(name: string, principal: Principal): Promise<boolean> {
  const [kind, id] = name.split(':');
  switch (kind) {
    case 'user':
      return id === principal.id;
    case 'network':
      return principal.networks.some(({ networkId }) => networkId === id);
    case 'national':
      return principal.national && hasRole(principal, 'coordinator');
    case 'case':
      return maySeeCase(await getCase(id ?? ''), principal);
    case 'slide': {
      const slide = await getSlide(id ?? '');
      return maySeeCase(await getCase(slide.caseId), principal);
    }
    default:
      return false;
  }
}

/** Every room in which what happens to a case is told with its id. */
export const roomsOfCase = (caseRecord: CaseRecord): string[] => [
  room.case(String(caseRecord._id)),
  ...caseRecord.slideIds.map((slideId) => room.slide(String(slideId))),
];
