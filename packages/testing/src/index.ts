export { type MailServer, type ReceivedMail, startMailServer } from './mail-server.ts'
export { type OidcAccount, type OidcProvider, startOidcProvider } from './oidc-provider.ts'
export { type ServiceServer, startServiceServer } from './service-server.ts'
export { freePort, type RunningCluster, startCluster } from './test-cluster.ts'
export {
  cloneTemplate,
  createEmptyDatabase,
  createTestDatabase,
  type TestCluster,
  testCluster,
  type TestDatabase,
} from './test-database.ts'
export { waitFor } from './wait-for.ts'
