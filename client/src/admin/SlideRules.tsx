import { Anchor, Drawer } from '@mantine/core';
import type { Organisation } from '@relecture/shared/users/schema.js';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { formatBytes } from '../ui/format';
import classes from './admin.module.css';
import { SlideRulesForm } from './SlideRulesForm';

/** In the row of a house: the space its slides take, of how much, and how long they are kept. */
export function SlideRules({ organisation, usedBytes }: { organisation: Organisation; usedBytes: number }) {
  const { t } = useTranslation('admin');
  const { t: ui } = useTranslation('ui');
  const [times, setTimes] = useState(0);
  const [opened, setOpened] = useState(false);
  const { labels, quotaBytes, retentionMonths } = organisation.slideRules;
  return (
    <>
      <Anchor
        component="button"
        type="button"
        ta="start"
        className={classes.above}
        aria-label={t('slideRules.change', { name: organisation.name })}
        onClick={() => {
          // Each time anew: what was typed and given up is not offered again.
          setTimes(times + 1);
          setOpened(true);
        }}
      >
        {quotaBytes === null
          ? formatBytes(usedBytes)
          : t('slideRules.usage', { used: formatBytes(usedBytes), quota: formatBytes(quotaBytes) })}
      </Anchor>
      <span className={classes.secondary}>
        {retentionMonths === null
          ? t('slideRules.kept')
          : t('slideRules.keptMonths', { count: retentionMonths })}
      </span>
      {labels === 'destroy_after_sign_out' ? (
        <span className={classes.secondary}>{t('slideRules.destroyed')}</span>
      ) : null}
      <Drawer
        opened={opened}
        onClose={() => setOpened(false)}
        position="right"
        size={520}
        title={t('slideRules.title', { name: organisation.name })}
        closeButtonProps={{ 'aria-label': ui('close') }}
      >
        <SlideRulesForm
          key={times}
          organisation={organisation}
          usedBytes={usedBytes}
          onClose={() => setOpened(false)}
        />
      </Drawer>
    </>
  );
}
