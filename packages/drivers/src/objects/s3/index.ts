export { createS3Objects } from './create-s3-objects.ts'
