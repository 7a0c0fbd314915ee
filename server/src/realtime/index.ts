export { startSockets } from './sockets.js';
