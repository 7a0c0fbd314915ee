import { Anchor, Button, Group, NumberInput, Progress, Stack, Text, Title } from '@mantine/core';
import type { RoutingAnswer, RuleDraft, RuleTrial } from '@relecture/shared/routing/drafts.js';
import { useInfiniteQuery, useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import classes from '../admin/admin.module.css';
import { keys } from '../api/keys';
import { readMoves, startTrial } from '../api/rules';
import { formatList, formatNumber } from '../ui/format';
import { tellProblem } from '../ui/tell';

/** Networks in order, or what becomes of a case that has none. */
function useAnswerWords(): (answer: RoutingAnswer) => string {
  const { t } = useTranslation('admin');
  return ({ outcome, networkIds }) =>
    networkIds.length > 0 ? networkIds.join(', ') : t(`rules.outcomes.${outcome}`);
}

/** What the draft would change: examples, places without a network, ties, and the last real cases. */
export function Trial({ draft, onChange }: { draft: RuleDraft; onChange: (draft: RuleDraft) => void }) {
  const { t } = useTranslation('admin');
  const [count, setCount] = useState<number | string>(1000);
  const { trial } = draft;
  const start = useMutation({
    mutationFn: () => startTrial(draft.id, Number(count)),
    onSuccess: onChange,
    onError: tellProblem,
  });
  const current = trial?.revision === draft.revision;
  const running = current && trial.state === 'running';
  return (
    <section>
      <Title order={2}>{t('rules.trial.title')}</Title>
      <Group align="flex-end" my="sm">
        <NumberInput
          label={t('rules.trial.count')}
          min={0}
          max={100_000}
          hideControls
          value={count}
          onChange={setCount}
        />
        <Button onClick={() => start.mutate()} loading={start.isPending} disabled={running || count === ''}>
          {t('rules.trial.start')}
        </Button>
      </Group>
      <div role="status">
        {trial === null ? <Text c="dimmed">{t('rules.trial.none')}</Text> : null}
        {trial && !current ? <Text c="var(--tone-amber)">{t('rules.trial.stale')}</Text> : null}
        {current && trial.state === 'failed' ? (
          <Text c="var(--tone-red)">{t('rules.trial.failed')}</Text>
        ) : null}
        {running ? (
          <>
            <Text>
              {t('rules.trial.progress', {
                done: formatNumber(trial.done),
                total: formatNumber(trial.total),
              })}
            </Text>
            <Progress
              value={trial.total > 0 ? (100 * trial.done) / trial.total : 0}
              aria-label={t('rules.trial.title')}
            />
          </>
        ) : null}
      </div>
      {current && trial.state === 'done' ? <Found draftId={draft.id} trial={trial} /> : null}
    </section>
  );
}

function Found({ draftId, trial }: { draftId: string; trial: RuleTrial }) {
  const { t } = useTranslation('admin');
  const answer = useAnswerWords();
  const pairs = (list: RuleTrial['gaps']) =>
    formatList(list.slice(0, 12).map(({ site, morphology }) => `${site} ${morphology}`));
  return (
    <Stack gap="xs">
      <Text>
        {t('rules.trial.examples', {
          broken: formatNumber(trial.brokenExamples.length),
          total: formatNumber(trial.examples),
        })}
      </Text>
      {trial.brokenExamples.length > 0 ? (
        <table className={classes.table}>
          <thead>
            <tr>
              <th scope="col">{t('rules.columns.example')}</th>
              <th scope="col">{t('rules.columns.expected')}</th>
              <th scope="col">{t('rules.columns.got')}</th>
            </tr>
          </thead>
          <tbody>
            {trial.brokenExamples.slice(0, 20).map(({ id, title, expected, got }) => (
              <tr key={id}>
                <td>{title}</td>
                <td>{answer(expected)}</td>
                <td>{answer(got)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      ) : null}
      <Text>{t('rules.trial.gaps', { count: trial.gapCount })}</Text>
      {trial.gaps.length > 0 ? <Text c="dimmed">{pairs(trial.gaps)}</Text> : null}
      <Text>{t('rules.trial.overlaps', { count: trial.overlapCount })}</Text>
      {trial.overlaps.length > 0 ? <Text c="dimmed">{pairs(trial.overlaps)}</Text> : null}
      {trial.unreachable.length > 0 ? (
        <Text c="var(--tone-amber)">
          {t('rules.trial.unreachable', { ids: formatList(trial.unreachable) })}
        </Text>
      ) : null}
      <Text>
        {t('rules.trial.reproduced', {
          count: trial.reproduced,
          total: formatNumber(trial.replayed),
        })}
      </Text>
      <Text>
        {t('rules.trial.moved', { moved: formatNumber(trial.moved), total: formatNumber(trial.replayed) })}
      </Text>
      {trial.moved > 0 ? <Moves draftId={draftId} startedAt={trial.startedAt} /> : null}
    </Stack>
  );
}

function Moves({ draftId, startedAt }: { draftId: string; startedAt: string }) {
  const { t } = useTranslation('admin');
  const answer = useAnswerWords();
  const moves = useInfiniteQuery({
    queryKey: [...keys.rules.moves(draftId), startedAt],
    queryFn: ({ pageParam }) => readMoves(draftId, pageParam),
    initialPageParam: null as string | null,
    getNextPageParam: ({ next }) => next,
  });
  return (
    <>
      <table className={classes.table} data-testid="moves">
        <thead>
          <tr>
            <th scope="col">{t('rules.columns.case')}</th>
            <th scope="col">{t('rules.columns.site')}</th>
            <th scope="col">{t('rules.columns.morphology')}</th>
            <th scope="col">{t('rules.columns.before')}</th>
            <th scope="col">{t('rules.columns.after')}</th>
          </tr>
        </thead>
        <tbody>
          {moves.data?.pages
            .flatMap(({ items }) => items)
            .map((each) => (
              <tr key={each.id}>
                <td>
                  {each.caseId ? (
                    <Anchor component={Link} to={`/cases/${each.caseId}`}>
                      {each.caseNumber}
                    </Anchor>
                  ) : (
                    <span className={classes.dim}>{t('rules.trial.hidden')}</span>
                  )}
                </td>
                <td>{each.site ?? '–'}</td>
                <td>{each.morphology ?? '–'}</td>
                <td>{answer(each.before)}</td>
                <td>{answer(each.after)}</td>
              </tr>
            ))}
        </tbody>
      </table>
      {moves.hasNextPage ? (
        <Button
          variant="default"
          onClick={() => void moves.fetchNextPage()}
          loading={moves.isFetchingNextPage}
        >
          {t('rules.trial.more')}
        </Button>
      ) : null}
    </>
  );
}
