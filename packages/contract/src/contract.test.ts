import { expect, test } from 'vitest'
import { auditActions } from './audit-actions.ts'
import { contract, routes } from './contract.ts'
import { permissions } from './permissions.ts'
import { type AnyRoute, isMutation } from './route.ts'
import { pageQuery } from './schemas/fields.ts'

// Reviewed. Whoever adds a line opens a door to strangers.
const publicRoutes = {
  getSetup: 'one bit, which the sign-in page needs',
  claimSetup: 'the one-time token in the body is the proof',
  signIn: 'the password in the body is the proof',
  getSignInMethods: 'what is configured, which the sign-in page needs',
  startOidc: 'where to go, and a sealed cookie to come back with',
  completeOidc: "the provider's answer and the sealed cookie are the proof",
  startPasskeySignIn: 'a challenge, worth nothing by itself',
  signInWithPasskey: "the passkey's signature is the proof",
  previewInvitation: 'the token of the link is the proof',
  acceptInvitation: 'the token of the link is the proof',
  receiveUpload: 'the signed token of the URL is the proof',
  downloadFile: 'the signed token of the URL is the proof',
}

// Reviewed. Reads that tell something secret, or what is called like one and is none.
const tellingReads = {
  getOrgWorkspace: '`key` names a workspace in tokens and proves nothing',
  getSignInMethods: '`password` says whether there is one',
  getSecretMetadata: '`key` names the secret',
  getTenant: '`key` names the tenant',
  revealSecret: 'the value is what is asked for, and each call leaves an event',
  startTotp: 'the offer of a secret that nothing rests on yet, to its owner',
}

// Recorded by sagas and sweeps, where no route is.
const actionsOfBackgroundWork = [
  'api_key.expire',
  'api_key.expiry_notice',
  'api_key.grace_start',
  'file.upload_expire',
  'file.version_expire',
  'group.sync',
  'provisioning_run.stall',
  'secret.rotation_due',
  'tenant.create',
  'vault_collection.index_build',
  'vault_collection.purge',
  'workspace.activate',
  'workspace.fail',
  'workspace.secret_grace_start',
  'totp.reseal',
  'workspace_key.reseal',
  'workspace_key.retire',
  'workspace_key.rewrap',
  'workspace_key.rotate',
]

const unpagedLists = {
  listRegions: 'as many as the installation has instances',
  queryRecords: 'limit and cursor are in its body, and the next cursor in a header',
  listCredentialTypes: 'as many as the server knows, each a file of its own',
}

// Reviewed. Changes that say by other means what they are based on, and refuse with 409.
const ownPreconditions = { appendFileUpload: '`Upload-Offset`, before any byte is taken: the bytes cannot be taken back' }

const named = routes.map((route) => ({ operation: route.operationId, route }))
const mutating = named.filter(({ route }) => isMutation(route))
const read = routes.filter((route) => route.method === 'GET')
const byOperation = new Map(routes.map((route) => [route.operationId, route]))

/** What is read of a thing without the part whose reading is audited: one word behind its path. */
const besideAudited = ({ path }: AnyRoute) => read.find((other) => other.path === `${path}/metadata` && other.audit === undefined)

const repeated = (items: string[]) => items.filter((item, index) => items.indexOf(item) !== index)
const propertiesOf = (schema: { properties?: object } | undefined) => Object.keys(schema?.properties ?? {})
const namesIn = (path: string) => Array.from(path.matchAll(/:(\w+)/g), ([, name]) => name!)
const shapeOf = (route: AnyRoute) => `${route.method} ${route.path.replace(/:\w+/g, ':')}`
const actionsOf = (route: AnyRoute) => [route.audit ?? []].flat() as string[]

test('each operation id is the key of its route, and is used once', () => {
  expect(Object.entries(contract).filter(([key, route]) => key !== route.operationId)).toEqual([])
  expect(repeated(routes.map((route) => route.operationId))).toEqual([])
})

test('no two routes answer the same method and path, whatever their parameters are called', () => {
  expect(repeated(routes.map(shapeOf))).toEqual([])
})

test('the public routes are the reviewed ones, and each says why', () => {
  const open = routes.filter((route) => 'public' in route.guard)
  expect(open.map((route) => route.operationId).toSorted()).toEqual(Object.keys(publicRoutes).toSorted())
  expect(open.filter((route) => 'public' in route.guard && route.guard.public.length < 20)).toEqual([])
})

test.each(named)('$operation is under /v1 or at an address that clients know, in words joined by hyphens', ({ route }) => {
  expect(route.path).toMatch(/^\/(?:v1(?=\/)|org-workspaces|api\/projects)(?:\/(?:[a-z]+(?:-[a-z]+)*|:[a-z]+(?:_[a-z]+)*))*$/)
})

test.each(named)('$operation takes exactly the parameters in its path, and refuses fields it does not know', ({ route }) => {
  expect(propertiesOf(route.params).toSorted()).toEqual(namesIn(route.path).toSorted())
  expect(repeated(namesIn(route.path))).toEqual([])
  for (const schema of [route.params, route.query, route.body]) {
    if (schema) expect(schema).toMatchObject({ type: 'object', additionalProperties: false })
  }
  expect(route.params?.required?.toSorted() ?? []).toEqual(namesIn(route.path).toSorted())
})

test.each(named)('$operation: its guard names a permission of its object and an id that the request carries', ({ route }) => {
  const { guard } = route
  if ('public' in guard) return
  if ('self' in guard) return expect(guard.self.length).toBeGreaterThan(20)
  expect(permissions[guard.on]).toContain(guard.permission)
  if (guard.on === 'installation') return
  expect(propertiesOf(route[guard.in ?? 'params'])).toContain(guard.id)
})

test.each(named)('$operation: whatever its path says of an account, a workspace or a run is what its guard proves', ({ route }) => {
  const tenants = namesIn(route.path).filter((name) => ['account_id', 'workspace_id', 'run_id'].includes(name))
  expect(tenants.length).toBeLessThan(2)
  const [tenant] = tenants
  if (tenant) expect(route.guard).toMatchObject({ id: tenant })
})

test.each(mutating)('$operation has an audit action that is known, and says what a freeze does to it', ({ route }) => {
  expect(actionsOf(route).length).toBeGreaterThan(0)
  expect(actionsOf(route).filter((action) => !auditActions.some((known) => known === action))).toEqual([])
  if (route.whenFrozen !== 'refuse') expect(route.whenFrozen?.allow.length).toBeGreaterThan(10)
})

test.each(mutating)('$operation honours If-Match where what it changes can be read', ({ route }) => {
  const reader = read.find((other) => other.path === route.path)
  const mayBeChanged = route.method !== 'POST' && reader !== undefined && !Object.hasOwn(ownPreconditions, route.operationId)
  // To know the version of a secret thing nobody may have to read it: its reader has no ETag, and another one stands beside it.
  if (mayBeChanged) expect(route.etagOf).toBe(reader.audit === undefined ? reader.operationId : besideAudited(reader)?.operationId)
  if (route.etagOf === undefined) return
  const of = byOperation.get(route.etagOf)!
  expect(of).toMatchObject({ method: 'GET' })
  expect(of.audit ?? of.volatile).toBeUndefined()
  const audited = read.find((other) => other.audit !== undefined && besideAudited(other) === of)
  expect(route.path.startsWith((audited ?? of).path)).toBe(true)
  expect(of.list ?? of.stream).toBeUndefined()
})

test('a POST that reads needs no permission to change anything', () => {
  const reading = routes.filter((route) => route.reads)
  expect(reading.filter(({ guard }) => !('permission' in guard) || !['read', 'reveal'].includes(guard.permission))).toEqual([])
  expect(reading.length).toBeGreaterThan(0)
})

test('what writes inside a workspace is refused while it is frozen, but for the reviewed', () => {
  const open = mutating.filter(({ route }) => 'on' in route.guard && route.guard.on === 'workspace' && route.whenFrozen !== 'refuse')
  expect(open.map(({ operation }) => operation).toSorted()).toEqual([
    'archiveOrgWorkspace',
    'archiveWorkspace',
    'restoreOrgWorkspace',
    'restoreWorkspace',
    'revokeApiKey',
    'revokeGrant',
    'revokeInvitation',
    'setWorkspaceStatus',
    'updateOrgWorkspace',
  ])
})

test('every audit action is sorted, written as resource.verb, and used', () => {
  expect(auditActions).toEqual([...auditActions].toSorted())
  expect(auditActions.filter((action) => !/^[a-z]+(?:_[a-z]+)*\.[a-z]+(?:_[a-z]+)*$/.test(action))).toEqual([])
  const used = new Set([...routes.flatMap(actionsOf), ...actionsOfBackgroundWork])
  expect(auditActions.filter((action) => !used.has(action))).toEqual([])
  expect(actionsOfBackgroundWork.filter((action) => routes.some((route) => actionsOf(route).includes(action)))).toEqual([])
})

test.each(named)('$operation: a list is paged, and what is paged is a list', ({ operation, route }) => {
  const answersArray = (route.response as { type?: string }).type === 'array'
  if (answersArray && !Object.hasOwn(unpagedLists, operation)) expect(route.list).toBe(true)
  const paged = Object.keys(pageQuery).every((name) => propertiesOf(route.query).includes(name))
  expect(paged).toBe(route.list === true)
  if (route.list) expect([route.method, route.status, answersArray]).toEqual(['GET', 200, true])
})

test.each(named)('$operation: method, status and body belong together', ({ route }) => {
  const allowed = { GET: [200], POST: [200, 201, 202, 204], PUT: [200, 204], PATCH: [200, 204], DELETE: [204] }
  expect(allowed[route.method]).toContain(route.status)
  if (route.method === 'GET' || route.method === 'DELETE') expect(route.body).toBeUndefined()
  if (route.takes) expect(route.method).not.toBe('GET')
  if (route.takes) expect(route.body).toBeUndefined()
  if (route.status === 204) expect(route.response).toMatchObject({ type: 'void' })
  expect(route.summary).toMatch(/^[A-Z][^.]*$/)
})

test('no read answers a secret, but for the reviewed', () => {
  const telling = routes.filter((route) =>
    propertiesOf(route.response).some((name) => ['key', 'token', 'secret', 'password'].includes(name)),
  )
  const reads = telling.filter((route) => route.method === 'GET').map((route) => route.operationId)
  expect(reads.toSorted()).toEqual(Object.keys(tellingReads).toSorted())
})
