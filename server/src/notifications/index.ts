export { listenToNotificationEvents } from './events.js';
export { registerNotificationRoutes } from './routes.js';
export { markOldAsRead } from './service.js';
