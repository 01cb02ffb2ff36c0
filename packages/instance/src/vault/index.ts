import type { Handlers } from '@freehold/authz/request'
import type { InstanceDeps } from '../deps.ts'

const later = () => Promise.reject(new Error('not there yet'))

export function vaultHandlers(_deps: InstanceDeps) {
  return {
    listCollections: later,
    createCollection: later,
    getCollection: later,
    deleteCollection: later,
    getCollectionSchema: later,
    updateCollection: later,
    listRecords: later,
    createRecord: later,
    getRecord: later,
    putRecord: later,
    deleteRecord: later,
    revealRecord: later,
    queryRecords: later,
    countRecords: later,
  } satisfies Partial<Handlers>
}
