export { registerMonitoringRoutes } from './routes.js';
