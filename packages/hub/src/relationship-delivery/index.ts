export { createDelivery, type Delivery } from './delivery.ts'
export { ensureKeeping, ensureSchema, isKeeping, startKeeping, stopKeeping } from './keeping.ts'
export { compareWithSpiceDb, type Comparison } from './compare.ts'
