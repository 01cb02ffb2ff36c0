import type { Plugin } from 'vite'

const publicId = 'virtual:operations'
const resolvedId = `\0${publicId}`

/**
 * Exposes the contract as `virtual:operations`: method, path and parameter places of each operation, computed while
 * building, so that neither the schemas nor TypeBox reach the browser.
 */
export function operationsPlugin(): Plugin {
  return {
    name: 'freehold-operations',
    resolveId: (id) => (id === publicId ? resolvedId : undefined),
    async load(id) {
      if (id !== resolvedId) return undefined
      const [{ routes }, { operationTable }] = await Promise.all([import('@freehold/contract'), import('@freehold/sdk/operation-table')])
      return `export const operations = ${JSON.stringify(operationTable(routes))}`
    },
  }
}
