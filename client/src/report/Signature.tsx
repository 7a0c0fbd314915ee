import { Button, Group, Modal, PasswordInput, Radio, Stack, Text, Title } from '@mantine/core';
import type { CasePage } from '@relecture/shared/cases/page.js';
import { findReportGaps } from '@relecture/shared/reports/completeness.js';
import type { ReportContent } from '@relecture/shared/reports/schema.js';
import type { Review } from '@relecture/shared/reviews/schema.js';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { keys } from '../api/keys';
import { isProblem } from '../api/problem';
import { signReport } from '../api/reports';
import { wordProblem } from '../ui/problem-words';
import { tellDone } from '../ui/tell';
import { Gaps } from './Gaps';
import { LadderFields } from './LadderFields';
import { ReportDocument } from './ReportDocument';
import classes from './report.module.css';
import { SealedList } from './SealedList';

interface SignatureProps {
  caseRecord: CasePage;
  review: Review;
  content: ReportContent;
  unread: number;
  /** Saves all that waits; false when something could not be saved. */
  flush: () => Promise<boolean>;
  onClose: () => void;
}

class NotSaved extends Error {}

/** The report as it will read, what is missing, what will be sealed, the password again: then it can never change. */
export function Signature({ caseRecord, review, content, unread, flush, onClose }: SignatureProps) {
  const { t } = useTranslation(['report', 'ui']);
  const { t: app } = useTranslation('app');
  const client = useQueryClient();
  const [kind, setKind] = useState<'preliminary' | 'final'>('final');
  const [password, setPassword] = useState('');
  const [provenMarkers, setProven] = useState<string[]>([]);
  const [thirdReading, setThird] = useState(false);
  const gaps = findReportGaps(content, kind, unread);
  const done = async (words: string) => {
    setPassword('');
    tellDone(words);
    await Promise.all([
      client.invalidateQueries({ queryKey: keys.reviews.one(review.id) }),
      client.invalidateQueries({ queryKey: keys.cases.one(caseRecord.id) }),
      client.invalidateQueries({ queryKey: keys.reviews.all }),
    ]);
    onClose();
  };
  const sign = useMutation({
    mutationFn: async () => {
      if (!(await flush())) throw new NotSaved();
      return signReport(review.id, { kind, password, content, provenMarkers, thirdReading });
    },
    onSuccess: () => done(t(kind === 'final' ? 'signature.doneFinal' : 'signature.donePreliminary')),
    onError: async (error) => {
      // Signed meanwhile from another window: nothing is left to sign here.
      if (isProblem(error, 'REPORT_SIGNED')) await done(t('signature.already'));
    },
  });
  /** A double click comes before the button can be drawn disabled: one signature at a time. */
  const signing = useRef(false);
  const words = sign.error instanceof NotSaved ? null : sign.error ? wordProblem(sign.error) : null;
  return (
    <Modal
      opened
      onClose={onClose}
      fullScreen
      title={t('signature.title')}
      closeButtonProps={{ 'aria-label': t('ui:close') }}
    >
      <div className={classes.signature}>
        <ReportDocument caseRecord={caseRecord} review={review} content={content} kind={kind} />
        <form
          onSubmit={(event) => {
            event.preventDefault();
            if (signing.current) return;
            signing.current = true;
            sign.mutate(undefined, {
              onSettled: () => {
                signing.current = false;
              },
            });
          }}
        >
          <Stack>
            <Radio.Group
              label={t('signature.kind')}
              value={kind}
              onChange={(next) => setKind(next === 'preliminary' ? 'preliminary' : 'final')}
            >
              <Stack gap={6} mt={4}>
                <Radio value="final" label={t('kind.final')} description={t('signature.finalHint')} />
                {review.status === 'preliminary' ? null : (
                  <Radio
                    value="preliminary"
                    label={t('kind.preliminary')}
                    description={t('signature.preliminaryHint')}
                  />
                )}
              </Stack>
            </Radio.Group>
            {kind === 'final' && review.level === 2 ? (
              <LadderFields
                facts={{
                  networkId: review.networkId,
                  level: review.level,
                  content,
                  provenMarkers,
                  ancillaryTests: caseRecord.content.ancillaryTests,
                  thirdAsked: thirdReading,
                }}
                onProven={setProven}
                onThird={setThird}
              />
            ) : null}
            <Gaps gaps={gaps} unread={unread} content={content} caseRecord={caseRecord} />
            <section>
              <Title order={2}>{t('signature.sealed')}</Title>
              <Text size="sm" c="dimmed">
                {t('signature.sealedHint')}
              </Text>
              <SealedList caseRecord={caseRecord} review={review} />
            </section>
            <PasswordInput
              label={t('signature.password')}
              description={t('signature.passwordHint')}
              required
              autoComplete="current-password"
              visibilityToggleButtonProps={{ 'aria-label': app('signIn.showPassword') }}
              value={password}
              onChange={(event) => setPassword(event.currentTarget.value)}
            />
            {sign.error ? (
              <Text role="alert" c="var(--tone-red)">
                {words ? `${words.title} ${words.advice}` : t('signature.notSaved')}
              </Text>
            ) : null}
            <Group justify="flex-end">
              <Button variant="default" onClick={onClose}>
                {t('signature.back')}
              </Button>
              <Button type="submit" disabled={gaps.length > 0 || password === ''} loading={sign.isPending}>
                {t('signature.sign')}
              </Button>
            </Group>
          </Stack>
        </form>
      </div>
    </Modal>
  );
}
