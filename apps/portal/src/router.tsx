import { createRootRoute, createRoute, createRouter, lazyFn, lazyRouteComponent, Outlet, redirect } from '@tanstack/react-router'
import { isProblem } from './api/problem.ts'
import { meQuery } from './api/identity.ts'
import { queryClient } from './api/query-client.ts'
import { markSignedIn } from './api/session.ts'
import { BareNotFoundPage, BareRouteFault, NotFoundPage, RouteFault } from './layout/fault-pages.tsx'
import {
  readAuditSearch,
  readCursorSearch,
  readFilesSearch,
  readListSearch,
  readLoginSearch,
  readOverviewSearch,
  readProfileSearch,
  readSecretsSearch,
  readVaultSearch,
  readWorkspacesSearch,
} from './search.ts'
import { readLastWorkspace } from './workspace/last-workspace.ts'

const root = createRootRoute({ component: Outlet, notFoundComponent: BareNotFoundPage, errorComponent: BareRouteFault })

const setup = createRoute({
  getParentRoute: () => root,
  path: '/setup',
  loader: lazyFn(() => import('./pages/setup.tsx'), 'loader'),
  component: lazyRouteComponent(() => import('./pages/setup.tsx')),
})

const login = createRoute({
  getParentRoute: () => root,
  path: '/login',
  validateSearch: readLoginSearch,
  loader: lazyFn(() => import('./pages/login.tsx'), 'loader'),
  component: lazyRouteComponent(() => import('./pages/login.tsx')),
})

const shell = createRoute({
  getParentRoute: () => root,
  id: 'shell',
  beforeLoad: async ({ location }) => {
    try {
      await queryClient.ensureQueryData(meQuery)
      markSignedIn()
    } catch (error) {
      if (!isProblem(error, 'unauthenticated')) throw error
      throw redirect({ to: '/login', search: location.href === '/' ? {} : { next: location.href }, replace: true })
    }
  },
  component: lazyRouteComponent(() => import('./layout/shell.tsx')),
  errorComponent: BareRouteFault,
})

const home = createRoute({
  getParentRoute: () => shell,
  path: '/',
  beforeLoad: () => {
    const workspaceId = readLastWorkspace()
    if (workspaceId) throw redirect({ to: '/workspaces/$workspaceId', params: { workspaceId }, replace: true })
    throw redirect({ to: '/workspaces', replace: true })
  },
})

const workspaces = createRoute({
  getParentRoute: () => shell,
  path: '/workspaces',
  validateSearch: readWorkspacesSearch,
  loaderDeps: ({ search: { q, status, account, cursor } }) => ({ q, status, account, cursor }),
  loader: lazyFn(() => import('./pages/workspaces.tsx'), 'loader'),
  component: lazyRouteComponent(() => import('./pages/workspaces.tsx')),
})

const activity = createRoute({
  getParentRoute: () => shell,
  path: '/activity',
  validateSearch: readAuditSearch,
  loaderDeps: ({ search }) => search,
  loader: lazyFn(() => import('./pages/activity.tsx'), 'loader'),
  component: lazyRouteComponent(() => import('./pages/activity.tsx')),
})

const account = createRoute({
  getParentRoute: () => shell,
  path: '/accounts/$accountId',
  validateSearch: readCursorSearch,
  loaderDeps: ({ search: { cursor } }) => ({ cursor }),
  loader: lazyFn(() => import('./pages/account.tsx'), 'loader'),
  component: lazyRouteComponent(() => import('./pages/account.tsx')),
})

const me = createRoute({
  getParentRoute: () => shell,
  path: '/me',
  validateSearch: readProfileSearch,
  loader: lazyFn(() => import('./pages/me.tsx'), 'loader'),
  component: lazyRouteComponent(() => import('./pages/me.tsx')),
})

const workspace = createRoute({
  getParentRoute: () => shell,
  path: '/workspaces/$workspaceId',
  component: lazyRouteComponent(() => import('./workspace/workspace-frame.tsx')),
})

const overview = createRoute({
  getParentRoute: () => workspace,
  path: '/',
  validateSearch: readOverviewSearch,
  loader: lazyFn(() => import('./pages/overview.tsx'), 'loader'),
  component: lazyRouteComponent(() => import('./pages/overview.tsx')),
})

const workspaceActivity = createRoute({
  getParentRoute: () => workspace,
  path: '/activity',
  validateSearch: readAuditSearch,
  loaderDeps: ({ search }) => search,
  loader: lazyFn(() => import('./pages/workspace-activity.tsx'), 'loader'),
  component: lazyRouteComponent(() => import('./pages/workspace-activity.tsx')),
})

const settings = createRoute({
  getParentRoute: () => workspace,
  path: '/settings',
  loader: lazyFn(() => import('./pages/settings.tsx'), 'loader'),
  component: lazyRouteComponent(() => import('./pages/settings.tsx')),
})

const apiKeys = createRoute({
  getParentRoute: () => workspace,
  path: '/settings/api-keys',
  validateSearch: readListSearch,
  loader: lazyFn(() => import('./pages/api-keys.tsx'), 'loader'),
  component: lazyRouteComponent(() => import('./pages/api-keys.tsx')),
})

const members = createRoute({
  getParentRoute: () => workspace,
  path: '/settings/members',
  validateSearch: readListSearch,
  loader: lazyFn(() => import('./pages/members.tsx'), 'loader'),
  component: lazyRouteComponent(() => import('./pages/members.tsx')),
})

const sharing = createRoute({
  getParentRoute: () => workspace,
  path: '/settings/sharing',
  validateSearch: readListSearch,
  loader: lazyFn(() => import('./pages/sharing.tsx'), 'loader'),
  component: lazyRouteComponent(() => import('./pages/sharing.tsx')),
})

const invitations = createRoute({
  getParentRoute: () => workspace,
  path: '/settings/invitations',
  validateSearch: readListSearch,
  loader: lazyFn(() => import('./pages/invitations.tsx'), 'loader'),
  component: lazyRouteComponent(() => import('./pages/invitations.tsx')),
})

const tokens = createRoute({
  getParentRoute: () => workspace,
  path: '/settings/tokens',
  validateSearch: readListSearch,
  loader: lazyFn(() => import('./pages/tokens.tsx'), 'loader'),
  component: lazyRouteComponent(() => import('./pages/tokens.tsx')),
})

const tenants = createRoute({
  getParentRoute: () => workspace,
  path: '/settings/tenants',
  validateSearch: readListSearch,
  loader: lazyFn(() => import('./pages/tenants.tsx'), 'loader'),
  component: lazyRouteComponent(() => import('./pages/tenants.tsx')),
})

const accessCheck = createRoute({
  getParentRoute: () => workspace,
  path: '/settings/access-check',
  validateSearch: readListSearch,
  loader: lazyFn(() => import('./pages/access-check.tsx'), 'loader'),
  component: lazyRouteComponent(() => import('./pages/access-check.tsx')),
})

const credentials = createRoute({
  getParentRoute: () => workspace,
  path: '/settings/credentials',
  validateSearch: readListSearch,
  loader: lazyFn(() => import('./pages/credentials.tsx'), 'loader'),
  component: lazyRouteComponent(() => import('./pages/credentials.tsx')),
})

const vault = createRoute({
  getParentRoute: () => workspace,
  path: '/vault',
  validateSearch: readListSearch,
  loader: lazyFn(() => import('./pages/vault.tsx'), 'loader'),
  component: lazyRouteComponent(() => import('./pages/vault.tsx')),
})

const vaultCollection = createRoute({
  getParentRoute: () => workspace,
  path: '/vault/$collection',
  validateSearch: readVaultSearch,
  loader: lazyFn(() => import('./pages/vault-collection.tsx'), 'loader'),
  component: lazyRouteComponent(() => import('./pages/vault-collection.tsx')),
})

const files = createRoute({
  getParentRoute: () => workspace,
  path: '/files',
  validateSearch: readFilesSearch,
  loader: lazyFn(() => import('./pages/files.tsx'), 'loader'),
  component: lazyRouteComponent(() => import('./pages/files.tsx')),
})

const secrets = createRoute({
  getParentRoute: () => workspace,
  path: '/secrets',
  validateSearch: readSecretsSearch,
  loader: lazyFn(() => import('./pages/secrets.tsx'), 'loader'),
  component: lazyRouteComponent(() => import('./pages/secrets.tsx')),
})

const accountMembers = createRoute({
  getParentRoute: () => shell,
  path: '/accounts/$accountId/members',
  validateSearch: readListSearch,
  loader: lazyFn(() => import('./pages/account-members.tsx'), 'loader'),
  component: lazyRouteComponent(() => import('./pages/account-members.tsx')),
})

const accountGroups = createRoute({
  getParentRoute: () => shell,
  path: '/accounts/$accountId/groups',
  validateSearch: readListSearch,
  loader: lazyFn(() => import('./pages/account-groups.tsx'), 'loader'),
  component: lazyRouteComponent(() => import('./pages/account-groups.tsx')),
})

const accountInvitations = createRoute({
  getParentRoute: () => shell,
  path: '/accounts/$accountId/invitations',
  validateSearch: readListSearch,
  loader: lazyFn(() => import('./pages/account-invitations.tsx'), 'loader'),
  component: lazyRouteComponent(() => import('./pages/account-invitations.tsx')),
})

const accountSecurity = createRoute({
  getParentRoute: () => shell,
  path: '/accounts/$accountId/security',
  validateSearch: readListSearch,
  loader: lazyFn(() => import('./pages/account-security.tsx'), 'loader'),
  component: lazyRouteComponent(() => import('./pages/account-security.tsx')),
})

const accountGroup = createRoute({
  getParentRoute: () => shell,
  path: '/accounts/$accountId/groups/$groupId',
  validateSearch: readListSearch,
  loader: lazyFn(() => import('./pages/account-group.tsx'), 'loader'),
  component: lazyRouteComponent(() => import('./pages/account-group.tsx')),
})

const acceptInvitation = createRoute({
  getParentRoute: () => root,
  path: '/invitations/accept',
  loader: lazyFn(() => import('./pages/accept-invitation.tsx'), 'loader'),
  component: lazyRouteComponent(() => import('./pages/accept-invitation.tsx')),
})

const signInCallback = createRoute({
  getParentRoute: () => root,
  path: '/sign-in/callback',
  loader: lazyFn(() => import('./pages/sign-in-callback.tsx'), 'loader'),
  component: lazyRouteComponent(() => import('./pages/sign-in-callback.tsx')),
})

const routeTree = root.addChildren([
  setup,
  login,
  acceptInvitation,
  signInCallback,
  shell.addChildren([
    home,
    workspaces,
    activity,
    account,
    accountMembers,
    accountGroups,
    accountGroup,
    accountInvitations,
    accountSecurity,
    me,
    workspace.addChildren([
      overview,
      workspaceActivity,
      vault,
      vaultCollection,
      files,
      secrets,
      settings,
      members,
      sharing,
      invitations,
      apiKeys,
      tokens,
      tenants,
      accessCheck,
      credentials,
    ]),
  ]),
])

export const router = createRouter({
  routeTree,
  defaultPreload: 'intent',
  defaultPreloadStaleTime: 0,
  scrollRestoration: true,
  scrollToTopSelectors: ['#main'],
  defaultErrorComponent: RouteFault,
  defaultNotFoundComponent: NotFoundPage,
})

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
}
