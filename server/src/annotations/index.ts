export { registerAnnotationRoutes } from './routes.js';
export { type ShapeToSeal, saveAnnotation, shapesToSeal } from './service.js';
