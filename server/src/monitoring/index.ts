export { compareRecentActivity, isActivityWhole, listenToMonitoringEvents } from './activity.js';
export { registerMonitoringRoutes } from './routes.js';
