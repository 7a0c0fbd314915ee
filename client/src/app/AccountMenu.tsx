import { Menu, Text, UnstyledButton } from '@mantine/core';
import type { Language } from '@relecture/shared/http/page.js';
import {
  IconCalendarOff,
  IconCheck,
  IconKey,
  IconLanguage,
  IconLogout,
  IconUserCircle,
} from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { signOut, updateUser } from '../api/session';
import { saveLanguage } from '../api/users';
import { choose, currentLanguage } from '../i18n';
import { tellProblem } from '../ui/tell';
import { hasRole, useUser } from './session';

export function AccountMenu() {
  const { t } = useTranslation();
  const user = useUser();
  const name = [user.title, user.firstName, user.lastName].filter(Boolean).join(' ');

  const change = async (language: Language) => {
    await choose(language);
    try {
      updateUser(await saveLanguage(language));
    } catch (error) {
      tellProblem(error);
    }
  };

  return (
    <Menu width={260} position="bottom-end">
      <Menu.Target>
        <UnstyledButton
          aria-label={t('account.label', { name })}
          style={{ display: 'flex', alignItems: 'center', gap: 6, minHeight: 36, padding: '0 4px' }}
        >
          <IconUserCircle size={22} aria-hidden />
          <Text span visibleFrom="md" truncate maw={180}>
            {name}
          </Text>
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <div style={{ padding: '6px 12px' }}>
          <Text fw={600}>{name}</Text>
          <Text size="sm" c="dimmed">
            {user.organisation.name}
          </Text>
          <Text size="sm" c="dimmed">
            {user.roles.map((role) => t(`account.roles.${role}`)).join(', ')}
          </Text>
        </div>
        {hasRole(user, 'reviewer') ? (
          <Menu.Item
            component={Link}
            to="/availability"
            leftSection={<IconCalendarOff size={16} aria-hidden />}
          >
            {t('account.availability')}
          </Menu.Item>
        ) : null}
        <Menu.Item component={Link} to="/password" leftSection={<IconKey size={16} aria-hidden />}>
          {t('account.password')}
        </Menu.Item>
        <Menu.Divider />
        <Menu.Label>
          <IconLanguage size={14} aria-hidden /> {t('account.language')}
        </Menu.Label>
        {(['fr', 'en'] as const).map((language) => (
          <Menu.Item
            key={language}
            lang={language}
            onClick={() => void change(language)}
            rightSection={currentLanguage() === language ? <IconCheck size={16} aria-hidden /> : null}
          >
            {language === 'fr' ? t('account.french') : t('account.english')}
          </Menu.Item>
        ))}
        <Menu.Divider />
        <Menu.Item
          leftSection={<IconLogout size={16} aria-hidden />}
          onClick={() => void signOut().catch(tellProblem)}
        >
          {t('account.signOut')}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
