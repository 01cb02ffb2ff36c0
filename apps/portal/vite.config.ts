import tailwindcss from '@tailwindcss/vite'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'
import { compressPlugin } from './compress-plugin.ts'
import { operationsPlugin } from './operations-plugin.ts'

const api = process.env['PORTAL_API'] ?? 'http://127.0.0.1:4100'

export default defineConfig({
  base: '/',
  plugins: [operationsPlugin(), react(), tailwindcss(), compressPlugin()],
  server: { proxy: { '/v1': { target: api, changeOrigin: false }, '/org-workspaces': { target: api, changeOrigin: false } } },
  build: {
    target: 'es2022',
    // A data: URL would need a wider Content-Security-Policy.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    manifest: true,
    rolldownOptions: {
      output: {
        codeSplitting: {
          groups: [
            { name: 'react', test: /node_modules\/(react|react-dom|scheduler|use-sync-external-store)\//, priority: 3 },
            { name: 'tanstack', test: /node_modules\/@tanstack\//, priority: 2 },
            { name: 'icons', test: /node_modules\/lucide-react\//, priority: 1 },
          ],
        },
      },
    },
  },
})
