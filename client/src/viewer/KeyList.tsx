import { Kbd, Modal } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { KEY_ACTIONS } from './keys';
import classes from './ReadingRoom.module.css';

export function KeyList({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const { t } = useTranslation(['viewer', 'ui']);
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={t('keys.title')}
      size="lg"
      closeButtonProps={{ 'aria-label': t('ui:close') }}
    >
      <dl className={classes.facts} data-testid="key-list">
        {KEY_ACTIONS.map((action) => (
          <div key={action} style={{ display: 'contents' }}>
            <dt>
              <Kbd>{t(`keys.${action}.press`)}</Kbd>
            </dt>
            <dd>{t(`keys.${action}.does`)}</dd>
          </div>
        ))}
      </dl>
    </Modal>
  );
}
