import { Button, Group } from '@mantine/core';
import { BULK_MAX, type BulkPreviewBody } from '@relecture/shared/assignments/schema.js';
import { IconUsers } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { BulkReassign } from './BulkReassign';
import classes from './monitoring.module.css';

interface BulkBarProps {
  chosen: string[];
  /** The board shows one reviewer: all their readings may be moved. */
  reviewerId: string | undefined;
  networkId: string | undefined;
  onClear: () => void;
}

/** What can be done with the readings chosen, or with all those of the reviewer shown. */
export function BulkBar({ chosen, reviewerId, networkId, onClear }: BulkBarProps) {
  const { t } = useTranslation('monitoring');
  const [asked, setAsked] = useState<BulkPreviewBody | null>(null);
  const some = chosen.length > 0;
  return (
    <>
      {some || reviewerId ? (
        <Group gap="sm" className={classes.bulk}>
          {some ? (
            <>
              <Button
                size="xs"
                leftSection={<IconUsers size={16} aria-hidden />}
                onClick={() => setAsked({ reviewIds: chosen.slice(0, BULK_MAX) })}
              >
                {t('bulk.verb', { count: Math.min(chosen.length, BULK_MAX) })}
              </Button>
              <Button size="xs" variant="subtle" onClick={onClear}>
                {t('bulk.unselect')}
              </Button>
            </>
          ) : null}
          {!some && reviewerId ? (
            <Button
              size="xs"
              variant="default"
              leftSection={<IconUsers size={16} aria-hidden />}
              onClick={() => setAsked({ reviewerId, networkId })}
            >
              {t('bulk.absence')}
            </Button>
          ) : null}
        </Group>
      ) : null}
      <BulkReassign
        asked={asked}
        onClose={() => {
          setAsked(null);
          onClear();
        }}
      />
    </>
  );
}
