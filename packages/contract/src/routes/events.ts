import { route } from '../route.ts'
import { Nothing } from '../schemas/fields.ts'

export const eventRoutes = {
  streamEvents: route({
    operationId: 'streamEvents',
    summary: 'Follow all that you may read',
    description:
      'One stream a browser tab. Server-sent events: `audit` (an audit event) and `run` (a provisioning run, whole, after each change), `resync` (some were missed, or you no longer see something: read the lists again). A comment every 15 s keeps it open. After a gap, read the lists again: this stream does not resume.',
    tag: 'Events',
    method: 'GET',
    path: '/v1/events',
    plane: 'hub',
    guard: { self: 'Only events of what the caller may read are sent; each is authorized anew.' },
    response: Nothing,
    status: 200,
    stream: 'sse',
  }),
}
