export { createAwsKms } from './aws.ts'
export { type Kms, KmsError } from './kms.ts'
export { createTransitKms, readKeyUrl } from './transit.ts'
