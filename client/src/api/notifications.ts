import { notificationPage } from '@relecture/shared/notifications/schema.js';
import { request } from './http';

export const listNotifications = (after: string | null = null) =>
  request('GET', '/api/notifications', { query: { after }, answer: notificationPage });
export const markNotificationRead = (notificationId: string) =>
  request('POST', `/api/notifications/${notificationId}/read`);
export const markAllNotificationsRead = () => request('POST', '/api/notifications/read-all');
