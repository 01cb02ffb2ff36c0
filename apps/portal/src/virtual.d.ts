declare module 'virtual:operations' {
  import type { OperationTable } from '@freehold/sdk/operation-table'
  export const operations: OperationTable
}
