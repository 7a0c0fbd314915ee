export { listenToNotificationEvents } from './events.js';
export { registerNotificationRoutes } from './routes.js';
