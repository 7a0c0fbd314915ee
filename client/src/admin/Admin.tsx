import { Title } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Navigate, NavLink, Route, Routes } from 'react-router';
import { NotFound } from '../app/Crash';
import { hasRole, useUser } from '../app/session';
import { useTitle } from '../ui/use-title';
import { AccessLog } from './AccessLog';
import { Arrivals } from './Arrivals';
import classes from './admin.module.css';
import { Formats } from './Formats';
import { Organisations } from './Organisations';
import { People } from './People';
import { SlideStorage } from './SlideStorage';

const TABS = ['people', 'organisations', 'formats', 'storage', 'arrivals', 'log'] as const;

/** People, organisations, readable slides, and the log of who opened what. */
export default function Admin() {
  const { t } = useTranslation('admin');
  useTitle(t('title'));
  const user = useUser();
  if (!hasRole(user, 'admin')) return <NotFound />;
  return (
    <div className={classes.page}>
      <Title order={1}>{t('title')}</Title>
      <nav className={classes.tabs} aria-label={t('tabs.label')}>
        {TABS.map((tab) => (
          <NavLink key={tab} to={`/admin/${tab}`} className={classes.tab}>
            {t(`tabs.${tab}`)}
          </NavLink>
        ))}
      </nav>
      <Routes>
        <Route index element={<Navigate to="/admin/people" replace />} />
        <Route path="people" element={<People />} />
        <Route path="organisations" element={<Organisations />} />
        <Route path="formats" element={<Formats />} />
        <Route path="storage" element={<SlideStorage />} />
        <Route path="arrivals" element={<Arrivals />} />
        <Route path="log" element={<AccessLog />} />
        <Route path="*" element={<NotFound />} />
      </Routes>
    </div>
  );
}
