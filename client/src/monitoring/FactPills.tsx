import { Button, Group } from '@mantine/core';
import { IconX } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { formatCalendarDate } from '../ui/format';
import { IcdoName } from '../ui/IcdoName';
import type { BoardFilters, FilterName } from './board-filters';
import classes from './monitoring.module.css';

/** What the figure that led here was made of, each taken off by itself. */
export function FactPills({ board }: { board: BoardFilters }) {
  const { t } = useTranslation('monitoring');
  const { t: ui } = useTranslation('ui');
  const { filters } = board;
  const between = (kind: 'signed' | 'opened', from: string | undefined, to: string | undefined) =>
    t(from && to ? `facts.${kind}Between` : from ? `facts.${kind}From` : `facts.${kind}To`, {
      from: from ? formatCalendarDate(from) : '',
      to: to ? formatCalendarDate(to) : '',
    });
  const { signedFrom, signedTo, openedFrom, openedTo, ageFrom, ageTo, intent, agreement, region, site } =
    filters;
  const pills: { names: FilterName[]; words: React.ReactNode; key: string }[] = [];
  const add = (names: FilterName[], words: React.ReactNode) =>
    pills.push({ names, words, key: names.join(' ') });
  if (filters.risk) add(['risk'], t('forecast.late'));
  if (signedFrom || signedTo) add(['signedFrom', 'signedTo'], between('signed', signedFrom, signedTo));
  if (openedFrom || openedTo) add(['openedFrom', 'openedTo'], between('opened', openedFrom, openedTo));
  if (ageFrom !== undefined || ageTo !== undefined)
    add(
      ['ageFrom', 'ageTo'],
      ageTo === undefined
        ? t('facts.ageFrom', { from: ageFrom })
        : ageFrom
          ? t('facts.ageBetween', { from: ageFrom, to: ageTo - 1 })
          : t('facts.ageTo', { to: ageTo }),
    );
  if (intent) add(['intent'], ui(`intent.${intent}`));
  if (agreement) add(['agreement'], t(`facts.agreement.${agreement}`));
  if (region) add(['region'], t('facts.region', { region }));
  if (site) add(['site'], <IcdoName code={site} />);
  if (filters.asked) add(['asked'], t('facts.asked'));
  if (pills.length === 0) return null;
  return (
    <Group gap={8} className={classes.facts} role="group" aria-label={t('facts.label')}>
      {pills.map(({ key, names, words }) => (
        <Button
          key={key}
          size="compact-sm"
          variant="default"
          rightSection={<IconX size={14} aria-hidden />}
          onClick={() => board.unset(names)}
        >
          <span className="heard-only">{t('facts.remove')} </span>
          {words}
        </Button>
      ))}
    </Group>
  );
}
