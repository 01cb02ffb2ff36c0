export { rotateRootKey, type RotatingSources } from './rotate-root-key.ts'
export { countUnderRootKeys } from './count-under-root-keys.ts'
