import { type Board, FIGURE_MAX } from '@relecture/shared/monitoring/schema.js';
import {
  IconChevronRight,
  IconClock,
  IconClockExclamation,
  IconDiamond,
  IconPlayerPause,
  IconUserQuestion,
} from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { useUser } from '../app/session';
import { formatCount } from '../ui/format';
import classes from './monitoring.module.css';

interface FiguresProps {
  figures: Board['figures'];
  networkId: string | null;
}

/** Few figures; each leads to its reviews, or its cases. */
export function Figures({ figures, networkId }: FiguresProps) {
  const { t } = useTranslation('monitoring');
  const user = useUser();
  const to = (name: string, value: string) =>
    `/board?${new URLSearchParams({ ...(networkId ? { network: networkId } : {}), [name]: value }).toString()}`;
  const items = [
    { key: 'overdue', Icon: IconClock, tone: 'red', to: to('overdue', 'true') },
    { key: 'probablyLate', Icon: IconClockExclamation, tone: 'amber', to: to('risk', 'true') },
    ...(user.national
      ? [{ key: 'toDispatch', Icon: IconDiamond, tone: 'amber', to: '/dispatch' } as const]
      : []),
    { key: 'unassigned', Icon: IconUserQuestion, tone: 'blue', to: to('status', 'admitted') },
    { key: 'onHold', Icon: IconPlayerPause, tone: 'amber', to: to('status', 'on_hold') },
  ] as const;
  return (
    <nav className={classes.figures} aria-label={t('figures.label')}>
      {items.map(({ key, Icon, tone, to: target }) => (
        <Link
          key={key}
          to={target}
          className={`sheet ${classes.figure}`}
          data-tone={figures[key] > 0 ? tone : 'none'}
          data-testid={`figure-${key}`}
        >
          <Icon size={20} aria-hidden />
          <span className={classes.number}>{formatCount(figures[key], FIGURE_MAX)}</span>
          <span className={classes.figureWords}>{t(`figures.${key}`)}</span>
          <IconChevronRight size={16} aria-hidden className={classes.chevron} />
        </Link>
      ))}
    </nav>
  );
}
