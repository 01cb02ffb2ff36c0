export type { OidcConfig } from './oidc-client.ts'
export { signInHandlers } from './routes.ts'
