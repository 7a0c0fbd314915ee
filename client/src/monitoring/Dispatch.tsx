import { Button, Text, Title } from '@mantine/core';
import { room } from '@relecture/shared/events/sockets.js';
import { IconDiamond } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { Link, useSearchParams } from 'react-router';
import { hasRole, useUser } from '../app/session';
import { useRoom } from '../realtime/hooks';
import { EmptyState } from '../ui/EmptyState';
import { useTitle } from '../ui/use-title';
import { DispatchCase } from './DispatchCase';
import { DispatchQueue } from './DispatchQueue';
import classes from './monitoring.module.css';

/** The national dispatcher's screen: the queue, then one case and its ranked networks. */
export default function Dispatch() {
  const { t } = useTranslation('monitoring');
  useTitle(t('dispatch.title'));
  const user = useUser();
  const [address] = useSearchParams();
  const caseId = address.get('case');
  const mine = user.national && hasRole(user, 'coordinator');
  useRoom(mine ? room.national() : null);
  if (!mine) {
    const coordinator = hasRole(user, 'coordinator');
    return (
      <EmptyState
        wholePage
        icon={<IconDiamond />}
        title={t('dispatch.notYours')}
        description={t('dispatch.notYoursWhy')}
        action={
          <Button component={Link} to={coordinator ? '/board' : '/'} variant="default">
            {t(coordinator ? 'dispatch.toBoard' : 'dispatch.toHome')}
          </Button>
        }
      />
    );
  }
  if (caseId) return <DispatchCase key={caseId} caseId={caseId} />;
  return (
    <div className={classes.page}>
      <Title order={1}>{t('dispatch.title')}</Title>
      <Text c="dimmed" mb="md">
        {t('dispatch.about')}
      </Text>
      <DispatchQueue />
    </div>
  );
}
