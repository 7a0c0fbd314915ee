export { registerMaterialRoutes } from './routes.js';
export {
  answerMaterial,
  askMaterial,
  isOpenRequest,
  materialRequestsOfCase,
  presentMaterialRequest,
} from './service.js';
