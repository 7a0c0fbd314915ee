import { QueryClient } from '@tanstack/react-query';
import { isProblem } from './problem';

/** The socket says what is stale; a refusal is final, an absent server is asked again. */
export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 15_000,
      retry: (failures, error) => failures < 2 && isProblem(error) && error.transient,
      refetchOnWindowFocus: true,
    },
    mutations: { retry: false },
  },
});
