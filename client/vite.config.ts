import react from '@vitejs/plugin-react';
import { defaultClientConditions, defineConfig } from 'vite';

const server = process.env.RELECTURE_SERVER ?? 'http://127.0.0.1:3000';

/** Vendor code changes rarely: each family keeps its own file, so that a new version of a screen is a small download. */
const vendors = [
  {
    name: 'react',
    test: /node_modules[\\/](react|react-dom|react-router|scheduler|cookie)[\\/]/,
    priority: 30,
  },
  {
    name: 'charts',
    test: /node_modules[\\/](recharts|@mantine[\\/]charts|d3-[a-z]+|victory-vendor)[\\/]/,
    priority: 25,
  },
  { name: 'mantine', test: /node_modules[\\/](@mantine|@floating-ui|dayjs)[\\/]/, priority: 20 },
  {
    name: 'viewer-vendor',
    test: /node_modules[\\/]openseadragon[\\/]/,
    priority: 20,
  },
  {
    name: 'data',
    test: /node_modules[\\/](@tanstack|zod|socket\.io-|engine\.io-|i18next|react-i18next)/,
    priority: 15,
  },
];

export default defineConfig({
  root: import.meta.dirname,
  plugins: [react()],
  // The contract is read from its TypeScript sources: no build of `shared` is needed to build or serve the screens.
  resolve: { conditions: ['relecture-source', ...defaultClientConditions] },
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    sourcemap: false,
    chunkSizeWarningLimit: 900,
    rolldownOptions: { output: { codeSplitting: { groups: vendors } } },
  },
  server: {
    host: '127.0.0.1',
    proxy: {
      '/api': { target: server },
      '/socket.io': { target: server, ws: true },
    },
  },
});
