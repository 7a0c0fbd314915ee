import { Button, Group, Stack, Text, Textarea } from '@mantine/core';
import type { CasePage } from '@relecture/shared/cases/page.js';
import { CASE_LIMITS } from '@relecture/shared/cases/schema.js';
import { IconSend } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { listMessages, postMessage } from '../api/cases';
import { keys } from '../api/keys';
import { useUser } from '../app/session';
import { ErrorState } from '../ui/ErrorState';
import { FormError } from '../ui/FormError';
import { formatDateTime } from '../ui/format';
import { ListSkeleton } from '../ui/Skeletons';
import classes from './CaseScreen.module.css';
import { Panel } from './Panel';

/** Messages between sender and reviewer stay on the case. */
export function Messages({ page }: { page: CasePage }) {
  const { t } = useTranslation(['case', 'ui']);
  const user = useUser();
  const client = useQueryClient();
  const [text, setText] = useState('');
  const mayPost = page.permissions.includes('post_message');
  const messages = useQuery({
    queryKey: keys.cases.messages(page.id),
    queryFn: () => listMessages(page.id),
    enabled: mayPost,
  });
  const post = useMutation({
    mutationFn: () => postMessage(page.id, text.trim()),
    onSuccess: async () => {
      setText('');
      await client.invalidateQueries({ queryKey: keys.cases.messages(page.id) });
    },
  });
  // Who may write may read; the others of the network see the case without its correspondence.
  if (!mayPost) return null;
  return (
    <Panel title={t('messages.title')} testId="messages">
      <Stack gap={8}>
        {messages.isPending ? <ListSkeleton rows={2} /> : null}
        {messages.isError ? (
          <ErrorState error={messages.error} onRetry={() => void messages.refetch()} />
        ) : null}
        {messages.data?.items.length === 0 ? <Text c="dimmed">{t('messages.none')}</Text> : null}
        {messages.data?.items.map((message) => (
          <div key={message.id} className={classes.message} data-mine={message.by.id === user.id}>
            <Text size="sm" c="dimmed">
              {message.by.displayName} ({message.by.organisation}) · {formatDateTime(message.at)}
            </Text>
            {message.text}
          </div>
        ))}
        <Textarea
          label={t('messages.write')}
          description={t('ui:noName.text')}
          autosize
          minRows={2}
          maxLength={CASE_LIMITS.text}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key === 'Enter' && (event.ctrlKey || event.metaKey) && text.trim() !== '')
              post.mutate();
          }}
        />
        <FormError error={post.error} />
        <Group justify="flex-end">
          <Button
            variant="default"
            disabled={text.trim() === ''}
            loading={post.isPending}
            leftSection={<IconSend size={16} aria-hidden />}
            onClick={() => post.mutate()}
          >
            {t('messages.send')}
          </Button>
        </Group>
      </Stack>
    </Panel>
  );
}
