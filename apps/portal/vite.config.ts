import tailwindcss from '@tailwindcss/vite'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'
import { operationsPlugin } from './operations-plugin.ts'

const api = process.env['PORTAL_API'] ?? 'http://127.0.0.1:4100'

export default defineConfig({
  base: '/',
  plugins: [operationsPlugin(), react(), tailwindcss()],
  server: { proxy: { '/v1': { target: api, changeOrigin: false } } },
  build: {
    target: 'es2022',
    // A data: URL would need a wider Content-Security-Policy.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    manifest: true,
  },
})
