import { enableCompileCache } from 'node:module'
import { fileURLToPath } from 'node:url'

// Stripping types and compiling is more than half of a start's work, so its result is kept; where it cannot be, the start is slower.
enableCompileCache(fileURLToPath(new URL('../../../node_modules/.cache/freehold', import.meta.url)))
const { run } = await import('./run.ts')
await run()
