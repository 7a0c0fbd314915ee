import { Tooltip } from '@mantine/core';
import { currentLanguage } from '../i18n';
import { useNetworkName, useNetworks } from './networks';

/** The network's acronym; what it stands for and its perimeter on hover and focus. */
export function NetworkName({ networkId }: { networkId: string }) {
  const { data } = useNetworks();
  const networkName = useNetworkName();
  const language = currentLanguage();
  const network = data?.items.find((item) => item.id === networkId);
  if (!network) return <span>{networkName(networkId)}</span>;
  return (
    <Tooltip label={`${network.names[language]}. ${network.perimeter[language]}`} multiline w={340}>
      <span>{networkName(networkId)}</span>
    </Tooltip>
  );
}
