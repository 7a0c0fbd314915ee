import { Text, Title } from '@mantine/core';
import type { Network } from '@relecture/shared/networks/schema.js';
import { useTranslation } from 'react-i18next';
import { useUser } from '../app/session';
import { currentLanguage } from '../i18n';
import { useNetworkName } from '../ui/networks';
import classes from './admin.module.css';

/** One network in words. */
export function NetworkArticle({ network }: { network: Network }) {
  const { t } = useTranslation('admin');
  const user = useUser();
  const networkName = useNetworkName();
  const language = currentLanguage();
  const reads = network.role === 'reading' || network.admission.minimumSlides > 0;
  const list = (words: string[]) =>
    new Intl.ListFormat(language, { type: 'unit', style: 'short' }).format(words);
  const { admission } = network;
  const needs = [
    t('networks.slides', { count: admission.minimumSlides }),
    ...(admission.requiredStains.length > 0
      ? [t('networks.stains', { stains: admission.requiredStains.join(', ') })]
      : []),
    ...(admission.requiresReport ? [t('networks.report')] : []),
    t(admission.acceptsShipment ? 'networks.shipment' : 'networks.noShipment'),
  ];
  return (
    <article className={`sheet ${classes.network}`} data-testid="network">
      <header>
        <Title order={2}>
          {networkName(network.id)}
          {user.networks.some(({ networkId }) => networkId === network.id) ? (
            <span className={classes.yours}>{t('networks.yours')}</span>
          ) : null}
        </Title>
        <Text>{network.names[language]}</Text>
        <Text size="sm" c="dimmed">
          {t(`networks.kinds.${network.kind}`)} · {t(`networks.statuses.${network.status}`)}
        </Text>
        <Text size="sm" c="dimmed">
          {network.parentNetworkId
            ? t('networks.parent', { network: networkName(network.parentNetworkId) })
            : t(`networks.roles.${network.role}`)}
        </Text>
      </header>
      <dl className={classes.facts}>
        <dt>{t('networks.perimeter')}</dt>
        <dd>{network.perimeter[language]}</dd>
        <dt>{t('networks.centre')}</dt>
        <dd>{network.coordinatingCentre ?? t('networks.noCentre')}</dd>
        <dt>{t('networks.admission')}</dt>
        <dd>
          {reads ? needs.join(', ') : t('networks.noAdmission')}
          {admission.recommendedMaterial.length > 0 ? (
            <span className={classes.secondary}>
              {t('networks.recommended', {
                material: admission.recommendedMaterial.map((item) => lowerFirst(item[language])).join(', '),
              })}
            </span>
          ) : null}
        </dd>
        {reads ? (
          <>
            <dt>{t('networks.due')}</dt>
            <dd>
              {t('networks.dueDays', { routine: network.dueDays.routine, urgent: network.dueDays.urgent })}
            </dd>
            <dt>{t('networks.levels')}</dt>
            <dd>{list(network.levels.map((level) => t(`networks.level.${level}`)))}</dd>
          </>
        ) : null}
      </dl>
    </article>
  );
}

/** "Tissu congelé" inside a sentence; a word in capitals keeps them. */
const lowerFirst = (words: string) =>
  /^\p{Lu}\p{Ll}/u.test(words) ? words.charAt(0).toLowerCase() + words.slice(1) : words;
