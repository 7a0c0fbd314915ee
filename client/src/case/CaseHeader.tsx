import { Anchor, Button, Group, Text, Title } from '@mantine/core';
import type { CasePage } from '@relecture/shared/cases/page.js';
import { IconLink, IconPencil } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { hasRole, homeOf, useUser } from '../app/session';
import { FieldsToCorrect } from '../submission/FieldsToCorrect';
import { Due } from '../ui/Due';
import { wordSince } from '../ui/duration';
import { formatCalendarDate } from '../ui/format';
import { wordHolder } from '../ui/holder';
import { IcdoName } from '../ui/IcdoName';
import { Notice } from '../ui/Notice';
import { CaseStatusBadge } from '../ui/StatusBadge';
import { AdmissionNotice } from './Admission';
import { CaseActions } from './CaseActions';

/** Number, identity for whoever may see it, site, status, clock. */
export function CaseHeader({ page }: { page: CasePage }) {
  const { t } = useTranslation('case');
  const { t: ui } = useTranslation('ui');
  const user = useUser();
  // A preparer comes to a case of another house from the readings of their own.
  const home =
    hasRole(user, 'preparer') && page.organisation.id !== user.organisation.id ? '/worklist' : homeOf(user);
  return (
    <header style={{ marginBottom: 14 }}>
      <Text size="sm">
        <Anchor component={Link} to={home}>
          {t(`back.${home === '/worklist' ? 'worklist' : home === '/board' ? 'board' : 'cases'}`)}
        </Anchor>
      </Text>
      <Group justify="space-between" align="flex-start" gap="md">
        <div style={{ minWidth: 0 }}>
          <Title order={1}>
            {t('heading', { number: page.number })}
            {page.patient ? <PatientWords page={page} /> : null}
          </Title>
          <Group gap="md" mt={4}>
            <CaseStatusBadge progress={page.progress} party={page.party} />
            <Due dueAt={page.dueAt} overdue={page.overdue} onlyLate />
            {page.content.urgency === 'urgent' ? (
              <Text span fw={500} c="var(--tone-red)">
                {ui('urgency.urgent')}
              </Text>
            ) : null}
            {page.party === 'none' ? null : (
              <Text span c="dimmed">
                {page.party === 'transfer' && page.shipments.some(({ status }) => status === 'sent')
                  ? t('parcelOnItsWay', { since: wordSince(page.since) })
                  : t('heldBy', { who: wordHolder(page), since: wordSince(page.since) })}
              </Text>
            )}
            {page.dueAt && !page.overdue ? (
              <Text span c="dimmed">
                {t('dueBy')} <Due dueAt={page.dueAt} overdue={false} />
              </Text>
            ) : null}
          </Group>
          <Text c="dimmed" mt={2}>
            {page.organisation.name}, {page.organisation.city}
            {page.content.primarySite ? (
              <>
                {' · '}
                <IcdoName code={page.content.primarySite} />
              </>
            ) : null}
            {page.patient === null && page.age !== null ? ` · ${ui('years', { count: page.age })}` : ''}
          </Text>
        </div>
        <Group gap="xs">
          {page.permissions.includes('edit') ? (
            <Button
              component={Link}
              to={`/cases/${page.id}/edit`}
              leftSection={<IconPencil size={16} aria-hidden />}
            >
              {page.status === 'draft' ? t('continueDraft') : t('correctFields')}
            </Button>
          ) : null}
          <CaseActions page={page} />
        </Group>
      </Group>
      {page.status === 'to_correct' && page.routing ? (
        <div style={{ marginTop: 12 }}>
          <Notice tone="amber" title={t('toCorrect')}>
            <FieldsToCorrect fields={page.routing.fieldsToCorrect} />
          </Notice>
        </div>
      ) : null}
      <TwinsNotice page={page} />
      <AdmissionNotice page={page} />
    </header>
  );
}

/** Whoever reads it learns that the same event was sent twice. */
function TwinsNotice({ page }: { page: CasePage }) {
  const { t } = useTranslation('case');
  if (page.twins.length === 0) return null;
  return (
    <div style={{ marginTop: 12 }}>
      <Notice tone="blue" icon={<IconLink size={20} />} title={t('twins.title')} testId="twins">
        {page.twins.map((twin) => (
          <Text key={twin.id} size="sm">
            {twin.seen ? (
              <Anchor component={Link} to={`/cases/${twin.id}`} inherit underline="always">
                {twin.number}
              </Anchor>
            ) : (
              twin.number
            )}{' '}
            · {twin.organisation}
          </Text>
        ))}
      </Notice>
    </div>
  );
}

function PatientWords({ page }: { page: CasePage }) {
  const { t } = useTranslation('case');
  const { t: ui } = useTranslation('ui');
  const { patient } = page;
  if (!patient) return null;
  const facts = [
    patient.sex ? ui(`sex.${patient.sex}`) : null,
    patient.birthDate
      ? t('bornOn', { date: formatCalendarDate(patient.birthDate), context: patient.sex ?? undefined })
      : null,
    page.age === null ? null : ui('years', { count: page.age }),
    patient.localExamNumber ? t('localExam', { number: patient.localExamNumber }) : null,
  ].filter(Boolean);
  return (
    <>
      <Text span inherit fw={600}>
        {' · '}
        {[patient.birthName, patient.firstName].filter(Boolean).join(' ')}
      </Text>
      <Text span size="md" c="dimmed" display="block">
        {facts.join(' · ')}
      </Text>
    </>
  );
}
