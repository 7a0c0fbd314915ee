export {
  attachBytes,
  configureAttachments,
  presentAttachment,
  removeCaseFiles,
  sweepAttachments,
} from './attachments.js';
export { registerDuplicateRoutes } from './duplicate-routes.js';
export { twinsOf } from './duplicates.js';
export { listenToCaseEvents } from './events.js';
export { casesOfSamePerson, findCasesByExam, searchCases } from './find.js';
export {
  declareSlide,
  dropSlide,
  dropSlideWhile,
  letNetworkIn,
  onReadersChange,
  replaceReaders,
  setProjection,
} from './hand-over.js';
export { ageOn, configureIdentity } from './identity.js';
export {
  allCaseIds,
  casesToDispatch,
  casesWithSlides,
  countCasesToDispatch,
  factsOfCases,
  listCases,
  numbersOfCases,
} from './lists.js';
export { countMessages, postMessage } from './messages.js';
export type { CaseRecord, ProgressProjection } from './model.js';
export {
  isReader,
  isSender,
  mayAddMaterial,
  mayCorrectPatient,
  mayDispatch,
  mayEdit,
  mayHoldSlides,
  mayPostMessage,
  mayReadReason,
  mayReceiveShipment,
  maySeeCase,
  maySeeIdentity,
  maySubmit,
  mayWithdraw,
  takesMaterial,
} from './policy.js';
export { type CaseRouteNeeds, registerCaseRoutes } from './routes.js';
export {
  checklistOf,
  correctPatient,
  createCase,
  findCase,
  getCase,
  identityOf,
  partialIdentityOf,
  seeCase,
  seeCaseFor,
  submitCase,
  updateCase,
  withdrawCase,
} from './service.js';
export { declareShipment, presentShipment, updateShipment } from './shipments.js';
