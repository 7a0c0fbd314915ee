import { Button, Menu } from '@mantine/core';
import type { CasePage } from '@relecture/shared/cases/page.js';
import { IconArchive, IconArrowBackUp, IconDots, IconUserEdit } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { holdSlides, withdrawCase } from '../api/cases';
import { keys } from '../api/keys';
import { ConfirmAction } from '../ui/ConfirmAction';
import { CorrectPatient } from './CorrectPatient';

/** What the sender may still do with a case that was sent; both stay recorded. */
export function CaseActions({ page }: { page: CasePage }) {
  const { t } = useTranslation('case');
  const client = useQueryClient();
  const [asked, setAsked] = useState<'withdraw' | 'patient' | 'hold' | null>(null);
  const may = (permission: CasePage['permissions'][number]) => page.permissions.includes(permission);
  if (!may('withdraw') && !may('correct_patient') && !may('hold_slides')) return null;
  const hold = page.legalHold ? 'release' : 'hold';
  return (
    <>
      <Menu position="bottom-end">
        <Menu.Target>
          <Button variant="default" leftSection={<IconDots size={16} aria-hidden />}>
            {t('actions.more')}
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          {may('correct_patient') ? (
            <Menu.Item
              leftSection={<IconUserEdit size={16} aria-hidden />}
              onClick={() => setAsked('patient')}
            >
              {t('actions.correctPatient')}
            </Menu.Item>
          ) : null}
          {may('hold_slides') ? (
            <Menu.Item leftSection={<IconArchive size={16} aria-hidden />} onClick={() => setAsked('hold')}>
              {t(`${hold}.open`)}
            </Menu.Item>
          ) : null}
          {may('withdraw') ? (
            <Menu.Item
              leftSection={<IconArrowBackUp size={16} aria-hidden />}
              onClick={() => setAsked('withdraw')}
            >
              {t('actions.withdraw')}
            </Menu.Item>
          ) : null}
        </Menu.Dropdown>
      </Menu>
      <ConfirmAction
        opened={asked === 'withdraw'}
        onClose={() => setAsked(null)}
        title={t('withdraw.title')}
        verb={t('withdraw.verb')}
        danger
        reasonLabel={t('withdraw.reason')}
        onConfirm={async (reason) => {
          client.setQueryData(keys.cases.one(page.id), await withdrawCase(page.id, reason));
          await client.invalidateQueries({ queryKey: keys.cases.all });
        }}
      >
        {t('withdraw.about')}
      </ConfirmAction>
      <ConfirmAction
        opened={asked === 'hold'}
        onClose={() => setAsked(null)}
        title={t(`${hold}.title`)}
        verb={t(`${hold}.verb`)}
        reasonLabel={t(`${hold}.reason`)}
        onConfirm={async (reason) => {
          client.setQueryData(keys.cases.one(page.id), await holdSlides(page.id, hold === 'hold', reason));
        }}
      >
        {t(`${hold}.about`)}
      </ConfirmAction>
      {asked === 'patient' ? <CorrectPatient page={page} onClose={() => setAsked(null)} /> : null}
    </>
  );
}
