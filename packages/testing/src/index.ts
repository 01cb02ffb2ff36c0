export { freePort, hasPostgres15, type RunningCluster, startPostgres15 } from './test-cluster.ts'
export {
  cloneTemplate,
  createEmptyDatabase,
  createTestDatabase,
  type TestCluster,
  testCluster,
  type TestDatabase,
} from './test-database.ts'
export { waitFor } from './wait-for.ts'
