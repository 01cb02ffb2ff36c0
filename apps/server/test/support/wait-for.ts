export { waitFor } from '@freehold/testing'
