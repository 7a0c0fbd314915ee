import { reviewStatus } from '@relecture/shared/events/status.js';
import { objectId } from '@relecture/shared/http/page.js';
import { useSearchParams } from 'react-router';
import type { ReviewFilters } from '../api/reviews';

const NAMES = ['network', 'status', 'overdue', 'session', 'reviewer'] as const;
export type FilterName = (typeof NAMES)[number];

/** The board's filters, kept in the address; a value that means nothing is left aside. */
export function useBoardFilters() {
  const [address, setAddress] = useSearchParams();
  const filters: ReviewFilters = {
    scope: 'network',
    networkId: address.get('network') ?? undefined,
    status: reviewStatus.safeParse(address.get('status')).data,
    overdue: address.get('overdue') === 'true' ? 'true' : undefined,
    session: address.get('session') === 'true' ? 'true' : undefined,
    sort: address.get('sort') === 'age' ? 'age' : undefined,
    reviewerId: objectId.safeParse(address.get('reviewer')).data,
  };
  const set = (name: FilterName | 'sort' | 'review', value: string | null) =>
    setAddress(
      (before) => {
        if (value === null) before.delete(name);
        else before.set(name, value);
        return before;
      },
      { replace: name !== 'review' },
    );
  return {
    filters,
    active: NAMES.some((name) => address.has(name)),
    /** The review whose panel is open. */
    reviewId: objectId.safeParse(address.get('review')).data ?? null,
    set,
    clear: () => setAddress({}, { replace: true }),
  };
}
export type BoardFilters = ReturnType<typeof useBoardFilters>;
