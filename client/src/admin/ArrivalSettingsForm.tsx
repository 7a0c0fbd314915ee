import { Button, Checkbox, Fieldset, Group, PasswordInput, Stack, TextInput } from '@mantine/core';
import type { ArrivalSettingsAnswer } from '@relecture/shared/arrivals/schema.js';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { changeArrivalSettings } from '../api/arrivals';
import { keys } from '../api/keys';
import { FormError } from '../ui/FormError';
import { Notice } from '../ui/Notice';
import { tellDone } from '../ui/tell';

interface ArrivalSettingsFormProps {
  organisationId: string;
  settings: ArrivalSettingsAnswer;
}

/** The scanner's folder and the DICOMweb server of one organisation. */
export function ArrivalSettingsForm({ organisationId, settings }: ArrivalSettingsFormProps) {
  const { t } = useTranslation('arrivals');
  const { t: app } = useTranslation('app');
  const client = useQueryClient();
  const [folder, setFolder] = useState(settings.folder);
  const [pacs, setPacs] = useState(settings.pacs);
  const [password, setPassword] = useState('');
  const change = (part: Partial<typeof folder>) => setFolder((before) => ({ ...before, ...part }));
  const changePacs = (part: Partial<typeof pacs>) => setPacs((before) => ({ ...before, ...part }));
  const patternWrong = folder.pattern.trim() !== '' && !folder.pattern.includes('{exam}');
  const urlWrong = pacs.url.trim() !== '' && !/^https?:\/\/.+/.test(pacs.url.trim());
  const save = useMutation({
    mutationFn: () => {
      const { hasPassword: _kept, ...rest } = pacs;
      return changeArrivalSettings(organisationId, {
        folder,
        pacs: { ...rest, url: pacs.url.trim(), ...(password === '' ? {} : { password }) },
      });
    },
    onSuccess: async (saved) => {
      setPassword('');
      setPacs(saved.pacs);
      await client.invalidateQueries({ queryKey: keys.arrivals.settings(organisationId) });
      tellDone(t('settings.saved'));
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!patternWrong && !urlWrong) save.mutate();
  };
  return (
    <form onSubmit={submit}>
      <Stack gap="md">
        <Fieldset legend={t('settings.folder')}>
          <Stack gap="sm">
            {settings.watchRoot === null ? <Notice tone="amber">{t('settings.noRoot')}</Notice> : null}
            {settings.folderTrouble ? (
              <Notice tone="amber" role="alert">
                {t(`settings.trouble.${settings.folderTrouble}`)}
              </Notice>
            ) : null}
            <Checkbox
              label={t('settings.folderActive')}
              disabled={settings.watchRoot === null && !folder.active}
              checked={folder.active}
              onChange={(event) => change({ active: event.currentTarget.checked })}
            />
            <TextInput
              label={t('settings.path')}
              description={
                settings.watchRoot === null ? null : t('settings.pathAbout', { root: settings.watchRoot })
              }
              maxLength={500}
              value={folder.path}
              onChange={(event) => change({ path: event.currentTarget.value })}
            />
            <TextInput
              label={t('settings.pattern')}
              description={t('settings.patternAbout')}
              error={patternWrong ? t('settings.patternWrong') : null}
              maxLength={100}
              value={folder.pattern}
              onChange={(event) => change({ pattern: event.currentTarget.value })}
            />
            <Checkbox
              label={t('settings.removeTaken')}
              description={t('settings.removeAbout')}
              checked={folder.removeTaken}
              onChange={(event) => change({ removeTaken: event.currentTarget.checked })}
            />
          </Stack>
        </Fieldset>
        <Fieldset legend={t('settings.pacs')}>
          <Stack gap="sm">
            <Checkbox
              label={t('settings.pacsActive')}
              checked={pacs.active}
              onChange={(event) => changePacs({ active: event.currentTarget.checked })}
            />
            <TextInput
              label={t('settings.url')}
              description={t('settings.urlAbout')}
              error={urlWrong ? t('settings.urlWrong') : null}
              value={pacs.url}
              onChange={(event) => changePacs({ url: event.currentTarget.value })}
            />
            <Group grow align="flex-start">
              <TextInput
                label={t('settings.user')}
                autoComplete="off"
                maxLength={200}
                value={pacs.user}
                onChange={(event) => changePacs({ user: event.currentTarget.value })}
              />
              <PasswordInput
                label={t('settings.password')}
                description={pacs.hasPassword ? t('settings.passwordKept') : null}
                autoComplete="new-password"
                visibilityToggleButtonProps={{ 'aria-label': app('signIn.showPassword') }}
                maxLength={500}
                value={password}
                onChange={(event) => setPassword(event.currentTarget.value)}
              />
            </Group>
          </Stack>
        </Fieldset>
        <FormError error={save.error} />
        <Group justify="flex-end">
          <Button type="submit" loading={save.isPending} disabled={patternWrong || urlWrong}>
            {t('settings.save')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
