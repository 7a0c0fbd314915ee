import { useQuery } from '@tanstack/react-query';
import { keys } from '../api/keys';
import { listNetworks } from '../api/networks';
import { currentLanguage } from '../i18n';

/** The reference networks hardly ever change: read once. */
export const useNetworks = () =>
  useQuery({ queryKey: keys.networks, queryFn: listNetworks, staleTime: 30 * 60_000 });

/** A network's acronym is its name in the field, and its identifier here: LYMPHOPATH, NETSARC+, RENA-PATH. */
const acronym = (networkId: string) => networkId.replaceAll('_', '-');

/** Names a network: its acronym, or with `long` the acronym and what it stands for. */
export function useNetworkName(): (networkId: string, length?: 'short' | 'long') => string {
  const { data } = useNetworks();
  const language = currentLanguage();
  return (networkId, length = 'short') => {
    const name =
      length === 'long'
        ? data?.items.find((network) => network.id === networkId)?.names[language]
        : undefined;
    return name ? `${acronym(networkId)} (${name})` : acronym(networkId);
  };
}
