import { ActionIcon, Button, Checkbox, Group, Modal, Radio, Stack, Text, TextInput } from '@mantine/core';
import type { ColumnMapping, ExportColumn } from '@relecture/shared/monitoring/schema.js';
import { IconArrowDown, IconArrowUp } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { keys } from '../api/keys';
import { forgetColumns, readColumns, saveColumns } from '../api/reviews';
import { ErrorState } from '../ui/ErrorState';
import { FormError } from '../ui/FormError';
import { useNetworkName } from '../ui/networks';
import { ListSkeleton } from '../ui/Skeletons';
import { tellDone } from '../ui/tell';
import classes from './monitoring.module.css';

interface ColumnsProps {
  networkId: string;
  opened: boolean;
  onClose: () => void;
  onSaved: () => void;
}

/** What the network's own database calls each column, and in which order: once for all its coordinators. */
export function Columns({ networkId, opened, onClose, onSaved }: ColumnsProps) {
  const { t } = useTranslation('monitoring');
  const { t: ui } = useTranslation('ui');
  const networkName = useNetworkName();
  const mapping = useQuery({
    queryKey: keys.boardColumns(networkId),
    queryFn: () => readColumns(networkId),
    enabled: opened,
    gcTime: 0,
  });
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={t('columns.title', { network: networkName(networkId) })}
      size={820}
      closeButtonProps={{ 'aria-label': ui('close') }}
    >
      {mapping.isPending ? <ListSkeleton rows={6} /> : null}
      {mapping.isError ? <ErrorState error={mapping.error} onRetry={() => void mapping.refetch()} /> : null}
      {mapping.data ? (
        <Form
          networkId={networkId}
          mapping={mapping.data}
          known={mapping.data.known}
          saved={mapping.data.saved}
          onDone={(mapped) => {
            if (mapped) onSaved();
            onClose();
          }}
        />
      ) : null}
    </Modal>
  );
}

interface Line {
  column: ExportColumn;
  usual: string;
  header: string;
  sent: boolean;
}

/** First what goes out, in its order; then what does not, in the order of the product. */
function linesOf(mapping: ColumnMapping, known: { column: ExportColumn; header: string }[]): Line[] {
  const usual = new Map(known.map(({ column, header }) => [column, header]));
  const sent = mapping.columns.map(({ column, header }) => ({
    column,
    usual: usual.get(column) ?? column,
    header,
    sent: true,
  }));
  const there = new Set(sent.map(({ column }) => column));
  return [
    ...sent,
    ...known
      .filter(({ column }) => !there.has(column))
      .map(({ column, header }) => ({ column, usual: header, header, sent: false })),
  ];
}

interface FormProps {
  networkId: string;
  mapping: ColumnMapping;
  known: { column: ExportColumn; header: string }[];
  saved: boolean;
  onDone: (mapped: boolean) => void;
}

function Form({ networkId, mapping, known, saved, onDone }: FormProps) {
  const { t } = useTranslation('monitoring');
  const client = useQueryClient();
  const [lines, setLines] = useState(() => linesOf(mapping, known));
  const [values, setValues] = useState(mapping.values);
  const change = (index: number, part: Partial<Line>) =>
    setLines((before) => before.map((line, at) => (at === index ? { ...line, ...part } : line)));
  const move = (index: number, by: -1 | 1) =>
    setLines((before) => {
      const after = [...before];
      const [line] = after.splice(index, 1);
      if (line) after.splice(index + by, 0, line);
      return after;
    });
  const sent = lines.filter((line) => line.sent);
  const heads = sent.map(({ header }) => header.trim());
  const twice = new Set(heads.filter((head, index) => heads.indexOf(head) !== index));
  const ready = sent.length > 0 && twice.size === 0 && heads.every((head) => head !== '');
  const settle = async (mapped: boolean) => {
    await client.invalidateQueries({ queryKey: keys.boardColumns(networkId) });
    tellDone(t(mapped ? 'columns.saved' : 'columns.forgotten'));
    onDone(mapped);
  };
  const save = useMutation({
    mutationFn: () =>
      saveColumns(networkId, {
        values,
        columns: sent.map(({ column, header }) => ({ column, header: header.trim() })),
      }),
    onSuccess: () => settle(true),
  });
  const forget = useMutation({
    mutationFn: () => forgetColumns(networkId),
    onSuccess: () => settle(false),
  });
  return (
    <Stack gap="sm">
      <Text size="sm" c="dimmed">
        {t('columns.about')}
      </Text>
      <Radio.Group
        label={t('columns.values')}
        value={values}
        onChange={(value) => setValues(value === 'codes' ? 'codes' : 'words')}
      >
        <Group gap="md" mt={4}>
          <Radio value="words" label={t('columns.words')} />
          <Radio value="codes" label={t('columns.codes')} />
        </Group>
      </Radio.Group>
      <ol className={classes.columns} aria-label={t('columns.list')}>
        {lines.map((line, index) => (
          <li key={line.column} className={classes.columnLine} data-testid="column-line">
            <Checkbox
              label={line.usual}
              checked={line.sent}
              onChange={(event) => change(index, { sent: event.currentTarget.checked })}
            />
            <TextInput
              aria-label={t('columns.header', { column: line.usual })}
              size="xs"
              maxLength={80}
              disabled={!line.sent}
              value={line.header}
              error={line.sent && twice.has(line.header.trim()) ? t('columns.twice') : null}
              onChange={(event) => change(index, { header: event.currentTarget.value })}
            />
            <Group gap={0} wrap="nowrap">
              <ActionIcon
                aria-label={t('columns.up', { column: line.usual })}
                disabled={index === 0}
                onClick={() => move(index, -1)}
              >
                <IconArrowUp size={16} aria-hidden />
              </ActionIcon>
              <ActionIcon
                aria-label={t('columns.down', { column: line.usual })}
                disabled={index === lines.length - 1}
                onClick={() => move(index, 1)}
              >
                <IconArrowDown size={16} aria-hidden />
              </ActionIcon>
            </Group>
          </li>
        ))}
      </ol>
      <FormError error={save.error ?? forget.error} />
      <Group justify="flex-end">
        {saved ? (
          <Button variant="default" loading={forget.isPending} onClick={() => forget.mutate()}>
            {t('columns.forget')}
          </Button>
        ) : null}
        <Button disabled={!ready} loading={save.isPending} onClick={() => save.mutate()}>
          {t('columns.save')}
        </Button>
      </Group>
    </Stack>
  );
}
