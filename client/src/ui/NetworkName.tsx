import { Tooltip } from '@mantine/core';
import { currentLanguage } from '../i18n';
import { useNetworks } from './networks';

/** The network's name; its perimeter on hover. */
export function NetworkName({ networkId }: { networkId: string }) {
  const { data } = useNetworks();
  const language = currentLanguage();
  const network = data?.items.find((item) => item.id === networkId);
  if (!network) return <span>…</span>;
  return (
    <Tooltip label={network.perimeter[language]} multiline w={320}>
      <span>{network.names[language]}</span>
    </Tooltip>
  );
}
