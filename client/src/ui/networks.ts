import { useQuery } from '@tanstack/react-query';
import { keys } from '../api/keys';
import { listNetworks } from '../api/networks';
import { currentLanguage } from '../i18n';

/** The reference networks hardly ever change: read once. */
export const useNetworks = () =>
  useQuery({ queryKey: keys.networks, queryFn: listNetworks, staleTime: 30 * 60_000 });

/** Names a network; until the list has come, nothing is shown rather than an identifier. */
export function useNetworkName(): (networkId: string) => string {
  const { data } = useNetworks();
  const language = currentLanguage();
  return (networkId) => data?.items.find((network) => network.id === networkId)?.names[language] ?? '…';
}
