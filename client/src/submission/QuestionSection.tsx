import { Group, Radio, Select, Stack, Textarea } from '@mantine/core';
import { CASE_LIMITS, intent, urgency } from '@relecture/shared/cases/schema.js';
import { useQueries } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { keys } from '../api/keys';
import { listExperts } from '../api/users';
import { useUser } from '../app/session';
import { ClashAt } from './Clashes';
import { ContextChips } from './ContextChips';
import { deriveContexts } from './contexts';
import { Section, type SectionProps } from './Section';

interface QuestionSectionProps extends SectionProps {
  /** The networks proposed: their experts are the ones one may wish for. */
  networkIds: string[];
}

export function QuestionSection({ content, change, networkIds }: QuestionSectionProps) {
  const { t } = useTranslation(['submission', 'ui']);
  const { t: ui } = useTranslation('ui');
  return (
    <Section id="question" title={t('question.title')}>
      <Stack gap="sm">
        <Radio.Group
          label={t('question.intent')}
          required
          value={content.intent}
          onChange={(value) => change({ intent: intent.parse(value) })}
        >
          <Stack gap={6} mt={4}>
            {intent.options.map((option, index) => (
              <Radio
                key={option}
                value={option}
                label={ui(`intent.${option}`)}
                description={t(`question.intents.${option}`)}
                data-line={index === 0 ? 'intent' : undefined}
              />
            ))}
          </Stack>
        </Radio.Group>
        <ClashAt at="intent" word={(value) => ui(`intent.${intent.parse(value)}`)} />
        <Textarea
          label={t('question.question')}
          description={t('ui:noName.text')}
          required
          autosize
          minRows={2}
          maxLength={CASE_LIMITS.text}
          data-line="question"
          value={content.question}
          onChange={(event) => change({ question: event.currentTarget.value })}
        />
        <ClashAt at="question" />
        <Textarea
          label={t('question.clinical')}
          description={t('ui:noName.text')}
          autosize
          minRows={2}
          maxLength={CASE_LIMITS.text}
          value={content.clinicalInformation}
          onChange={(event) => change({ clinicalInformation: event.currentTarget.value })}
        />
        <ClashAt at="clinicalInformation" />
        <ContextChips
          value={content.contexts}
          onChange={(contexts) => change({ contexts: deriveContexts({ ...content, contexts }) })}
        />
        <ClashAt at="contexts" word={(code) => t(`contexts.codes.${code}`, { defaultValue: code })} />
        <Radio.Group
          label={t('question.urgency')}
          value={content.urgency}
          onChange={(value) => {
            const chosen = urgency.parse(value);
            change({ urgency: chosen, contexts: deriveContexts({ ...content, urgency: chosen }) });
          }}
        >
          <Group gap="lg" mt={4}>
            {urgency.options.map((option) => (
              <Radio key={option} value={option} label={ui(`urgency.${option}`)} />
            ))}
          </Group>
        </Radio.Group>
        <ClashAt at="urgency" word={(value) => ui(`urgency.${urgency.parse(value)}`)} />
        <WishedExpert content={content} change={change} networkIds={networkIds} />
      </Stack>
    </Section>
  );
}

function WishedExpert({ content, change, networkIds }: QuestionSectionProps) {
  const { t } = useTranslation(['submission', 'ui']);
  const user = useUser();
  const answers = useQueries({
    queries: networkIds.map((networkId) => ({
      queryKey: keys.experts(networkId),
      queryFn: () => listExperts(networkId),
      staleTime: 5 * 60_000,
    })),
  });
  // Nobody reads again what their own house has read.
  const experts = new Map(
    answers
      .flatMap((answer) => answer.data?.items ?? [])
      .filter((expert) => expert.organisation !== user.organisation.name)
      .map((expert) => [expert.id, expert]),
  );
  const wish = content.wishedExpert;
  return (
    <>
      <Select
        label={t('question.expert')}
        description={networkIds.length === 0 ? t('question.expertLater') : t('question.expertAbout')}
        disabled={networkIds.length === 0 && wish === null}
        clearable
        searchable
        nothingFoundMessage={t('question.noExpert')}
        data={[...experts.values()].map((expert) => ({
          value: expert.id,
          label: `${expert.displayName} (${expert.organisation})`,
        }))}
        value={wish?.userId ?? null}
        onChange={(userId) =>
          change({ wishedExpert: userId === null ? null : { userId, reason: wish?.reason ?? '' } })
        }
      />
      <ClashAt at="wishedExpert" word={(value) => experts.get(value)?.displayName ?? value} />
      {wish ? (
        <Textarea
          label={t('question.expertReason')}
          description={t('ui:noName.reason')}
          required
          autosize
          minRows={2}
          maxLength={CASE_LIMITS.text}
          data-line="expert_wish_reason"
          value={wish.reason}
          onChange={(event) => change({ wishedExpert: { ...wish, reason: event.currentTarget.value } })}
        />
      ) : null}
    </>
  );
}
