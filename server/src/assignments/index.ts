export { watchDueDates } from './due-dates.js';
export { pauseDue, resumeDue } from './due-pause.js';
export { listenToAssignmentEvents } from './events.js';
export { recipientsOf } from './recipients.js';
export { registerAssignmentRoutes } from './routes.js';
export { acceptReview, assignByHand, declineReview, passOnUnopened } from './service.js';
export { turnaroundOf } from './turnaround.js';
export { watchForecasts } from './watch-forecasts.js';
export { addWorkingDays, isWorkingDay, workingDaysBetween } from './working-calendar.js';
