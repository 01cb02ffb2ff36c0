import { createClient } from '@freehold/sdk/core'
import { operations } from 'virtual:operations'
import { markExpired } from './session.ts'

/** The address that a command outside the browser reaches this installation by. */
export const installationUrl = location.origin

/** The public API, on the cookie of this origin. */
export const client = createClient({ baseUrl: installationUrl, operations, maxRetries: 1, onUnauthenticated: markExpired })
