import { Button, Group, Stack, Text } from '@mantine/core';
import type { Clash } from '@relecture/shared/cases/merge.js';
import { createContext, useContext } from 'react';
import { useTranslation } from 'react-i18next';
import { formatDate } from '../ui/format';
import { Notice } from '../ui/Notice';
import type { Draft } from './draft';

interface ClashesOfForm {
  clashes: readonly Clash[];
  settle: Draft['settle'];
}

/** The fields written here and elsewhere, for the fields themselves: each shows its own. */
export const ClashesContext = createContext<ClashesOfForm>({ clashes: [], settle: () => undefined });

interface ClashProps {
  /** The field, or what holds several of them. */
  at: string;
  /** Only the field itself: what it holds shows its own. */
  whole?: boolean;
  /** A code of the field, in words. */
  word?: (value: string) => string;
}

/** Under a field that two people, or two tabs, wrote: both values, and the choice. */
export function ClashAt({ at, word, whole = false }: ClashProps) {
  const { t } = useTranslation('submission');
  const { clashes, settle } = useContext(ClashesContext);
  const show = (value: unknown) => wordValue(value, t, word);
  return clashes
    .filter(({ path }) => path === at || (!whole && path.startsWith(`${at}.`)))
    .map(({ path, mine, theirs }) => (
      <Notice key={path} tone="amber" role="alert" testId="clash" title={t('clash.title')}>
        <Stack gap={6}>
          <Text size="sm" style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>
            {t('clash.mine')} <strong>{show(mine)}</strong>
          </Text>
          <Text size="sm" style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>
            {t('clash.theirs')} <strong>{show(theirs)}</strong>
          </Text>
          <Group gap="xs">
            <Button size="compact-sm" variant="default" onClick={() => settle(path, mine)}>
              {t('clash.keepMine')}
            </Button>
            <Button size="compact-sm" variant="default" onClick={() => settle(path, theirs)}>
              {t('clash.takeTheirs')}
            </Button>
            {LONG.has(path) && typeof mine === 'string' && typeof theirs === 'string' ? (
              <Button size="compact-sm" variant="default" onClick={() => settle(path, `${mine}\n${theirs}`)}>
                {t('clash.keepBoth')}
              </Button>
            ) : null}
          </Group>
        </Stack>
      </Notice>
    ));
}

/** Texts where both can stand one under the other. */
const LONG = new Set([
  'question',
  'clinicalInformation',
  'firstDiagnosis.text',
  'contestedRouting.reason',
  'wishedExpert.reason',
]);

function wordValue(
  value: unknown,
  t: ReturnType<typeof useTranslation<'submission'>>['t'],
  word: (value: string) => string = (text) => text,
): string {
  if (typeof value === 'boolean') return t(value ? 'clash.yes' : 'clash.no');
  if (typeof value === 'string' && value !== '')
    return /^\d{4}-\d\d-\d\d$/.test(value) ? formatDate(value) : word(value);
  if (Array.isArray(value) && value.length > 0)
    return value.map((item: unknown) => wordValue(item, t, word)).join(', ');
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    const { id: _id, ...fields } = value as Record<string, unknown>;
    return Object.values(fields)
      .filter((field) => typeof field === 'string' && field !== '')
      .map((field) => wordValue(field, t, word))
      .join(', ');
  }
  return t('clash.empty');
}
