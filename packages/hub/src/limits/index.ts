export { refuseOverLimit } from './limits.ts'
export { deleteLimits, insertDefaultLimits } from './queries.ts'
