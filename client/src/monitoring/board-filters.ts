import { reviewStatus } from '@relecture/shared/events/status.js';
import { objectId } from '@relecture/shared/http/page.js';
import { listReviewsQuery } from '@relecture/shared/reviews/schema.js';
import { useSearchParams } from 'react-router';
import type { ReviewFilters } from '../api/reviews';

/** What a figure was made of: each is named in the address as the server names it. */
const FACTS = [
  'intent',
  'agreement',
  'region',
  'site',
  'asked',
  'signedFrom',
  'signedTo',
  'openedFrom',
  'openedTo',
  'ageFrom',
  'ageTo',
] as const;
export type FactName = (typeof FACTS)[number];
export type Facts = Partial<Record<FactName, string | number | null | undefined>>;

const NAMES = ['network', 'status', 'overdue', 'risk', 'session', 'reviewer', ...FACTS] as const;
export type FilterName = (typeof NAMES)[number];

function factsIn(address: URLSearchParams): Pick<ReviewFilters, FactName> {
  const found: Record<string, unknown> = {};
  for (const name of FACTS) {
    const value = address.get(name);
    const parsed = value === null ? undefined : listReviewsQuery.shape[name].safeParse(value).data;
    if (parsed !== undefined) found[name] = parsed;
  }
  return found;
}

/** The board's filters, kept in the address; a value that means nothing is left aside. */
export function useBoardFilters() {
  const [address, setAddress] = useSearchParams();
  const filters: ReviewFilters = {
    scope: 'network',
    networkId: address.get('network') ?? undefined,
    status: reviewStatus.safeParse(address.get('status')).data,
    overdue: address.get('overdue') === 'true' ? 'true' : undefined,
    risk: address.get('risk') === 'true' ? 'true' : undefined,
    session: listReviewsQuery.shape.session.safeParse(address.get('session') ?? undefined).data,
    sort: address.get('sort') === 'age' ? 'age' : undefined,
    reviewerId: objectId.safeParse(address.get('reviewer')).data,
    ...factsIn(address),
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
    unset: (names: readonly FilterName[]) =>
      setAddress(
        (before) => {
          for (const name of names) before.delete(name);
          return before;
        },
        { replace: true },
      ),
    clear: () => setAddress({}, { replace: true }),
  };
}
export type BoardFilters = ReturnType<typeof useBoardFilters>;
