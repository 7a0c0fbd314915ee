export { compareRecentActivity, isActivityKept, listenToMonitoringEvents } from './activity.js';
export { registerMonitoringRoutes } from './routes.js';
