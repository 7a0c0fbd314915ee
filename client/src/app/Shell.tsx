import { AppShell, Burger, Group, Menu, Text, UnstyledButton } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useTranslation } from 'react-i18next';
import { Link, NavLink, Outlet, ScrollRestoration } from 'react-router';
import { AccountMenu } from './AccountMenu';
import { Bell } from './Bell';
import { LinkIndicator } from './LinkIndicator';
import { navigationOf } from './navigation';
import classes from './Shell.module.css';
import { useUser } from './session';

export function Shell() {
  const { t } = useTranslation();
  const user = useUser();
  const [open, menu] = useDisclosure(false);
  const items = navigationOf(user);
  return (
    <AppShell header={{ height: 48 }} padding={0}>
      <a className="skip-link" href="#content">
        {t('skipToContent')}
      </a>
      <AppShell.Header className={classes.header}>
        <Group h="100%" px="md" gap="lg" wrap="nowrap">
          <Menu opened={open} onChange={menu.toggle} width={240} position="bottom-start">
            <Menu.Target>
              <Burger opened={open} hiddenFrom="sm" size="sm" aria-label={t('nav.menu')} />
            </Menu.Target>
            <Menu.Dropdown>
              {items.map((item) => (
                <Menu.Item key={item.to} component={Link} to={item.to}>
                  {t(`nav.${item.key}`)}
                </Menu.Item>
              ))}
            </Menu.Dropdown>
          </Menu>
          <UnstyledButton component={Link} to="/" className={classes.product}>
            <img src="/favicon.svg" alt="" width={22} height={22} />
            <Text span fw={600}>
              {t('product')}
            </Text>
          </UnstyledButton>
          <Group
            component="nav"
            aria-label={t('nav.label')}
            gap={4}
            h="100%"
            wrap="nowrap"
            visibleFrom="sm"
            className={classes.nav}
          >
            {items.map((item) => (
              <NavLink key={item.to} to={item.to} className={classes.link}>
                {t(`nav.${item.key}`)}
              </NavLink>
            ))}
          </Group>
          <Group gap={6} ml="auto" wrap="nowrap">
            <LinkIndicator />
            <Bell />
            <AccountMenu />
          </Group>
        </Group>
      </AppShell.Header>
      <AppShell.Main id="content" tabIndex={-1} className={classes.main}>
        <Outlet />
      </AppShell.Main>
      <ScrollRestoration />
    </AppShell>
  );
}
