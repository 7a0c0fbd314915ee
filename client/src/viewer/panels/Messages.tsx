import { Button, Stack, Text, Textarea, Title } from '@mantine/core';
import type { CasePage } from '@relecture/shared/cases/page.js';
import { CASE_LIMITS } from '@relecture/shared/cases/schema.js';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { listMessages, postMessage } from '../../api/cases';
import { keys } from '../../api/keys';
import { ErrorState } from '../../ui/ErrorState';
import { formatShortDateTime } from '../../ui/format';
import { PersonName } from '../../ui/PersonName';
import { tellProblem } from '../../ui/tell';
import classes from '../ReadingRoom.module.css';

/** What sender and reader wrote to each other; it stays with the case. */
export function Messages({ caseRecord }: { caseRecord: CasePage }) {
  const { t } = useTranslation(['viewer', 'ui']);
  const client = useQueryClient();
  const [text, setText] = useState('');
  const queryKey = keys.cases.messages(caseRecord.id);
  const messages = useQuery({ queryKey, queryFn: () => listMessages(caseRecord.id) });
  const post = useMutation({
    mutationFn: () => postMessage(caseRecord.id, text.trim()),
    onSuccess: () => {
      setText('');
      void client.invalidateQueries({ queryKey });
    },
    onError: tellProblem,
  });
  return (
    <section>
      <Title order={2}>{t('messages.title')}</Title>
      {messages.isError ? (
        <ErrorState error={messages.error} onRetry={() => void messages.refetch()} />
      ) : null}
      <Stack gap="xs" mb="sm">
        {messages.data?.items.length === 0 ? <Text c="dimmed">{t('messages.empty')}</Text> : null}
        {messages.data?.items.map((message) => (
          <div key={message.id} className={classes.version}>
            <Text size="xs" c="dimmed">
              <PersonName person={message.by} withOrganisation /> · {formatShortDateTime(message.at)}
            </Text>
            <Text className={classes.prose}>{message.text}</Text>
          </div>
        ))}
      </Stack>
      {caseRecord.permissions.includes('post_message') ? (
        <Stack gap="xs">
          <Textarea
            label={t('messages.write')}
            description={t('ui:noName.text')}
            autosize
            minRows={2}
            maxLength={CASE_LIMITS.text}
            value={text}
            onChange={(event) => setText(event.currentTarget.value)}
          />
          <Button
            variant="default"
            style={{ alignSelf: 'flex-start' }}
            disabled={text.trim() === ''}
            loading={post.isPending}
            onClick={() => post.mutate()}
          >
            {t('messages.send')}
          </Button>
        </Stack>
      ) : null}
    </section>
  );
}
