export { loadSeedNetworks } from './load-networks.js';
export { registerNetworkRoutes } from './routes.js';
export { findNetwork, getNetwork, listNetworks, loadNetworks, seedNetworks } from './service.js';
