import { ActionIcon, Button, Group, Menu, Text } from '@mantine/core';
import type { ReviewRow } from '@relecture/shared/reviews/schema.js';
import { IconDots, IconFolder, IconX } from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { keys } from '../api/keys';
import { acceptReview, declineReview, takeReview } from '../api/reviews';
import { ConfirmAction } from '../ui/ConfirmAction';
import { tellDone, tellProblem } from '../ui/tell';
import classes from './Worklist.module.css';

interface RowActionsProps {
  row: ReviewRow;
  free: boolean;
  prepares: boolean;
}

/** Accept, take, decline with a reason: on the row. */
export function RowActions({ row, free, prepares }: RowActionsProps) {
  const { t } = useTranslation(['worklist', 'ui']);
  const client = useQueryClient();
  const [declining, setDeclining] = useState(false);
  const number = row.caseNumber;
  const refresh = () => client.invalidateQueries({ queryKey: keys.reviews.all });
  const accept = useMutation({
    mutationFn: () => acceptReview(row.id),
    onSuccess: () => tellDone(t('accepted', { number })),
    onError: tellProblem,
    onSettled: refresh,
  });
  const take = useMutation({
    mutationFn: () => takeReview(row.id),
    onSuccess: () => tellDone(t('taken', { number })),
    onError: tellProblem,
    onSettled: refresh,
  });
  const decline = async (reason: string) => {
    await declineReview(row.id, reason);
    tellDone(t('decline.done', { number }));
    await refresh();
  };
  const toAccept = !free && !prepares && row.status === 'assigned' && row.acceptedAt === null;
  const mayDecline = !free && !prepares && (row.status === 'assigned' || row.status === 'in_review');

  return (
    <Group gap={4} wrap="nowrap" justify="flex-end" className={classes.actions}>
      {free ? (
        <Button size="compact-sm" variant="light" loading={take.isPending} onClick={() => take.mutate()}>
          {t('take')}
        </Button>
      ) : null}
      {toAccept ? (
        <>
          <Button
            size="compact-sm"
            variant="light"
            loading={accept.isPending}
            onClick={() => accept.mutate()}
          >
            {t('accept')}
          </Button>
          <Button
            size="compact-sm"
            variant="subtle"
            color="gray"
            className={classes.wideOnly}
            onClick={() => setDeclining(true)}
          >
            {t('decline.verb')}
          </Button>
        </>
      ) : null}
      {!free && !prepares && !toAccept && row.status !== 'signed' ? (
        <Button size="compact-sm" variant="light" component={Link} to={`/reviews/${row.id}/read`}>
          {t('open')}
        </Button>
      ) : null}
      <Menu position="bottom-end">
        <Menu.Target>
          <ActionIcon aria-label={t('rowActions', { number })}>
            <IconDots size={18} aria-hidden />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item
            component={Link}
            to={`/cases/${row.caseId}`}
            leftSection={<IconFolder size={16} aria-hidden />}
          >
            {t('seeCase')}
          </Menu.Item>
          {mayDecline ? (
            <Menu.Item leftSection={<IconX size={16} aria-hidden />} onClick={() => setDeclining(true)}>
              {t('decline.verb')}
            </Menu.Item>
          ) : null}
        </Menu.Dropdown>
      </Menu>
      <ConfirmAction
        opened={declining}
        onClose={() => setDeclining(false)}
        title={t('decline.title')}
        verb={t('decline.verb')}
        reasonLabel={t('decline.reason')}
        reasonHint={t('ui:noName.reason')}
        onConfirm={decline}
      >
        <Text>{t('decline.about', { number })}</Text>
      </ConfirmAction>
    </Group>
  );
}
