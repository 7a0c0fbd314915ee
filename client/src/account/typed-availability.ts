import { type Availability, availability } from '@relecture/shared/users/schema.js';

/** While it is typed: a date may still be missing. */
export interface TypedAvailability {
  leaves: { key: string; from: string | null; to: string | null }[];
  capacity: number;
  conflicts: string[];
}

/** Leave that is over is not shown again. */
export const typedOf = ({ leaves, capacity, conflicts }: Availability, today: string): TypedAvailability => ({
  leaves: leaves
    .filter(({ to }) => to >= today)
    .toSorted((a, b) => (a.from < b.from ? -1 : 1))
    .map((leave) => ({ ...leave, key: `${leave.from} ${leave.to}` })),
  capacity,
  conflicts: [...conflicts],
});

/** Null while something is missing or wrong. */
export function availabilityOf({ leaves, capacity, conflicts }: TypedAvailability): Availability | null {
  const parsed = availability.safeParse({
    leaves: leaves.map(({ from, to }) => ({ from, to })),
    capacity,
    conflicts,
  });
  return parsed.success ? parsed.data : null;
}
