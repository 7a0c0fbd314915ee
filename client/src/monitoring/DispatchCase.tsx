import { Button, Group, Text, Title } from '@mantine/core';
import { room } from '@relecture/shared/events/sockets.js';
import { IconArrowLeft, IconFolder, IconInfoCircle } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { readCase } from '../api/cases';
import { keys } from '../api/keys';
import { isProblem } from '../api/problem';
import { NotHere } from '../app/Crash';
import { ClinicalPanel } from '../case/ClinicalPanel';
import { Messages } from '../case/Messages';
import { SlidesPanel } from '../case/SlidesPanel';
import { useRoom } from '../realtime/hooks';
import { wordSince } from '../ui/duration';
import { EmptyState } from '../ui/EmptyState';
import { ErrorState } from '../ui/ErrorState';
import { Notice } from '../ui/Notice';
import { PageSkeleton } from '../ui/Skeletons';
import { DispatchChoice } from './DispatchChoice';
import classes from './monitoring.module.css';

/** The case on the left, the networks on the right; a question to the sender stays on the case. */
export function DispatchCase({ caseId }: { caseId: string }) {
  const { t } = useTranslation('monitoring');
  const query = useQuery({ queryKey: keys.cases.one(caseId), queryFn: () => readCase(caseId) });
  useRoom(room.case(caseId));
  if (query.isPending) return <PageSkeleton />;
  if (isProblem(query.error, 'NOT_FOUND')) return <NotHere error={query.error} />;
  if (query.isError) return <ErrorState error={query.error} onRetry={() => void query.refetch()} />;
  const page = query.data;
  const back = (
    <Button
      component={Link}
      to="/dispatch"
      variant="subtle"
      size="compact-sm"
      leftSection={<IconArrowLeft size={16} aria-hidden />}
    >
      {t('dispatch.back')}
    </Button>
  );
  if (!page.permissions.includes('dispatch')) {
    return (
      <EmptyState
        wholePage
        title={t('dispatch.gone')}
        description={t('dispatch.goneNext')}
        action={
          <Group>
            {back}
            <Button component={Link} to={`/cases/${page.id}`} variant="default">
              {t('panel.seeCase')}
            </Button>
          </Group>
        }
      />
    );
  }
  return (
    <div className={classes.page}>
      <Group justify="space-between" mb="sm">
        <div>
          {back}
          <Title order={1} mt={4}>
            {t('dispatch.title')} · {page.number}
          </Title>
          <Text c="dimmed">
            {page.organisation.name}, {page.organisation.city} · {wordSince(page.since)}
          </Text>
        </div>
        <Button
          component={Link}
          to={`/cases/${page.id}`}
          variant="default"
          leftSection={<IconFolder size={16} aria-hidden />}
        >
          {t('panel.seeCase')}
        </Button>
      </Group>
      <Notice tone="amber" icon={<IconInfoCircle size={20} />} title={t('dispatch.why')}>
        {page.routing?.explanation.map((sentence) => (
          <Text key={sentence}>{sentence}</Text>
        ))}
        {page.content.contestedRouting ? (
          <Text>{t('dispatch.contested', { reason: page.content.contestedRouting.reason })}</Text>
        ) : null}
      </Notice>
      <div className={classes.dispatch}>
        <div className={classes.column}>
          <ClinicalPanel page={page} />
          <SlidesPanel page={page} />
          <Messages page={page} />
        </div>
        <DispatchChoice page={page} />
      </div>
    </div>
  );
}
