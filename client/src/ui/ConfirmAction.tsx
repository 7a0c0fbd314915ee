import { Button, Group, Modal, Stack, Textarea } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { FormError } from './FormError';

interface ConfirmActionProps {
  opened: boolean;
  onClose: () => void;
  title: string;
  /** What will happen. */
  children: ReactNode;
  /** The verb, on the button. */
  verb: string;
  danger?: boolean;
  /** When given, a reason is asked and required. */
  reasonLabel?: string;
  /** Who will read the reason. */
  reasonHint?: string;
  onConfirm: (reason: string) => Promise<unknown>;
}

/** Says what will happen and asks once, with the verb on the button. */
export function ConfirmAction(props: ConfirmActionProps) {
  const { t } = useTranslation('ui');
  const [reason, setReason] = useState('');
  const [running, setRunning] = useState(false);
  const [failure, setFailure] = useState<unknown>(null);
  const missing = props.reasonLabel !== undefined && reason.trim().length < 3;

  const confirm = async () => {
    setRunning(true);
    setFailure(null);
    try {
      await props.onConfirm(reason.trim());
      setReason('');
      props.onClose();
    } catch (error) {
      setFailure(error);
    } finally {
      setRunning(false);
    }
  };

  return (
    <Modal
      opened={props.opened}
      onClose={props.onClose}
      title={props.title}
      closeButtonProps={{ 'aria-label': t('close') }}
    >
      <Stack>
        <div>{props.children}</div>
        {props.reasonLabel ? (
          <Textarea
            label={props.reasonLabel}
            description={props.reasonHint}
            required
            autosize
            minRows={2}
            data-autofocus
            value={reason}
            onChange={(event) => setReason(event.currentTarget.value)}
          />
        ) : null}
        <FormError error={failure} />
        <Group justify="flex-end">
          <Button variant="default" onClick={props.onClose}>
            {t('cancel')}
          </Button>
          <Button
            color={props.danger ? 'red.9' : undefined}
            loading={running}
            disabled={missing}
            onClick={() => void confirm()}
          >
            {props.verb}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
