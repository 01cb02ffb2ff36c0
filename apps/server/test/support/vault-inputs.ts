import type { OperationId } from '@freehold/contract'
import { newId } from '@freehold/kit'
import { expectStatus } from './request.ts'
import type { Tenant } from './tenant.ts'
import type { TestServer } from './test-server.ts'

type Override = { params?: Record<string, string>; query?: Record<string, string>; body?: Record<string, unknown>; bytes?: string }

const schema = { type: 'object', properties: { title: { type: 'string' }, pin: { type: 'string', 'x-sensitive': true } } }
const collectionOf = new WeakMap<Tenant, Promise<string>>()

/** What the schemas of the Data Vault cannot tell: records belong to a collection that is there, and fit its schema. */
export function createVaultInputs(server: TestServer, tenant: Tenant): Partial<Record<OperationId, () => Promise<Override>>> {
  async function newCollection(): Promise<string> {
    const name = `c${newId().replaceAll('-', '')}`
    const path = `/v1/workspaces/${tenant.workspace.id}/vault/collections`
    expectStatus(await server.as(tenant.owner)('POST', path, { name, schema, description: tenant.canary }), 201)
    return name
  }
  const lasting = async () => {
    if (!collectionOf.has(tenant)) collectionOf.set(tenant, newCollection())
    return { collection: await collectionOf.get(tenant)! }
  }
  const record = async () => ({ params: await lasting(), body: { data: { title: tenant.canary, pin: '4711' } } })
  const reading = async () => ({ params: await lasting() })
  return {
    createCollection: async () => ({
      body: { name: `c${newId().replaceAll('-', '')}`, schema, indexes: [{ fields: [{ field: 'title' }] }] },
    }),
    getCollection: reading,
    getCollectionSchema: reading,
    deleteCollection: async () => {
      const collection = await newCollection()
      return { params: { collection }, query: { confirm: collection } }
    },
    updateCollection: async () => ({
      params: { collection: await newCollection() },
      body: { schema: { ...schema, title: newId() }, indexes: [{ fields: [{ field: 'title' }] }], migration: {} },
    }),
    listRecords: reading,
    countRecords: reading,
    exportRecords: reading,
    importRecords: async () => ({ params: await lasting(), bytes: `${JSON.stringify({ title: tenant.canary, pin: '4711' })}\n` }),
    queryRecords: async () => ({ params: await lasting(), body: { filter: {}, sort: [], cursor: undefined } }),
    createRecord: record,
    putRecord: record,
    getRecord: reading,
    deleteRecord: reading,
    revealRecord: async () => ({ params: await lasting(), body: { fields: ['pin'], reason: 'A customer asked.' } }),
  }
}
