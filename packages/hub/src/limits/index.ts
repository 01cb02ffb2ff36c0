export { defaultLimits, isLimitName } from './default-limits.ts'
export { refuseOverLimit } from './limits.ts'
export { deleteLimits, insertDefaultLimits, listLimits, readLimit, upsertLimits } from './queries.ts'
