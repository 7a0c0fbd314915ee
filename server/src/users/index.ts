export {
  addOrganisation,
  calendarOfPerson,
  countUsers,
  createAccount,
  createOrganisation,
  createUser,
  type DemoAccount,
  findOrganisation,
  findUserByEmail,
  getOrganisation,
  getPerson,
  getUser,
  hasStrangers,
  listAdministrators,
  listCoordinators,
  listDemoAccounts,
  listOrganisations,
  listPreparers,
  listReadersOf,
  listReviewers,
  listSenders,
  type NewUser,
  type ReviewerFacts,
} from './accounts.js';
export { givePassword, makeTemporaryPassword } from './change-password.js';
export { type OrganisationRecord, slideRulesOf, type UserRecord } from './model.js';
export { displayName } from './present.js';
export { registerUserRoutes } from './routes.js';
export {
  configureSessions,
  currentPrincipal,
  onRightsChange,
  onSessionEnd,
  principalFromAuthorization,
  principalFromSlideCookie,
  principalFromToken,
  principalOfPerson,
  verifySigner,
} from './sessions.js';
