import { Button, Group, Text, Title } from '@mantine/core';
import {
  IconAlertTriangle,
  IconFileCheck,
  IconMicroscope,
  IconPackage,
  IconPencil,
} from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { listCases } from '../api/cases';
import { keys } from '../api/keys';
import { wordSince } from '../ui/duration';
import { ErrorState } from '../ui/ErrorState';
import { Lacks } from '../ui/Lacks';
import { ListSkeleton } from '../ui/Skeletons';
import { addressOf } from './case-address';
import classes from './MyCases.module.css';

const SHAPES = {
  finish_draft: IconPencil,
  replace_slide: IconMicroscope,
  complete_material: IconPackage,
  correct_fields: IconAlertTriangle,
  answer_material: IconPackage,
  read_report: IconFileCheck,
};
/** What keeps a patient waiting comes first. */
const ORDER = [
  'answer_material',
  'correct_fields',
  'replace_slide',
  'complete_material',
  'read_report',
  'finish_draft',
];
const FEW = 6;
/** A button that hides two lines costs more than it saves. */
const SPARED = 3;

/** « À faire »: drafts to finish, slides refused, material asked, reports to read. */
export function ToDoList() {
  const { t } = useTranslation('cases');
  const [all, setAll] = useState(false);
  const list = useQuery({
    queryKey: keys.cases.list({ toDo: 'true' }),
    queryFn: () => listCases({ toDo: 'true' }, null, 100),
  });
  const items = (list.data?.items ?? [])
    .filter((row) => row.toDo !== null)
    .toSorted((a, b) => ORDER.indexOf(a.toDo ?? '') - ORDER.indexOf(b.toDo ?? ''));
  const short = !all && items.length >= FEW + SPARED;
  return (
    <section className="sheet" aria-labelledby="to-do" style={{ marginBottom: 16 }}>
      <Group p="sm" gap="sm">
        <Title order={2} id="to-do">
          {t('toDo.title')}
        </Title>
        <Text c="dimmed">{list.data ? t('toDo.count', { count: items.length }) : ''}</Text>
      </Group>
      {list.isPending ? <ListSkeleton rows={2} /> : null}
      {list.isError ? <ErrorState error={list.error} onRetry={() => void list.refetch()} /> : null}
      {list.data && items.length === 0 ? (
        <Text px="sm" pb="sm" c="dimmed">
          {t('toDo.empty')}
        </Text>
      ) : null}
      <ul className={classes.todo}>
        {items.slice(0, short ? FEW : undefined).map((row) => {
          const toDo = row.toDo ?? 'finish_draft';
          const Shape = SHAPES[toDo];
          return (
            <li key={row.id} data-testid="to-do-row">
              <Shape
                size={18}
                color={toDo === 'finish_draft' ? 'var(--tone-grey)' : 'var(--tone-amber)'}
                aria-hidden
              />
              <span style={{ minWidth: 0 }}>
                <Link to={addressOf(row)} className={classes.link}>
                  <Text span fw={500}>
                    {t(`toDo.what.${toDo}`)}
                  </Text>
                </Link>
                <Text span c="dimmed">
                  {' · '}
                  {[row.patientName, row.localExamNumber ?? row.number, row.diagnosisText]
                    .filter(Boolean)
                    .join(' · ')}
                </Text>
                {toDo === 'complete_material' ? <Lacks lacks={row.lacks} /> : null}
              </span>
              <Text span size="sm" c="dimmed" ml="auto" visibleFrom="xs" style={{ whiteSpace: 'nowrap' }}>
                {wordSince(row.since)}
              </Text>
            </li>
          );
        })}
      </ul>
      {short ? (
        <Button variant="subtle" size="compact-sm" m={6} onClick={() => setAll(true)}>
          {t('toDo.showAll', { count: items.length })}
        </Button>
      ) : null}
    </section>
  );
}
