import { Text } from '@mantine/core';
import type { Person } from '@relecture/shared/users/schema.js';

/** A person as others see them: name, and where they work. */
export function PersonName({
  person,
  withOrganisation = false,
}: {
  person: Person;
  withOrganisation?: boolean;
}) {
  return (
    <span>
      {person.displayName}
      {withOrganisation ? (
        <Text span c="dimmed">
          {' '}
          ({person.organisation})
        </Text>
      ) : null}
    </span>
  );
}
