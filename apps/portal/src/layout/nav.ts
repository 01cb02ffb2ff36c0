import {
  Activity,
  Building2,
  Database,
  FileKey2,
  Files,
  History,
  KeyRound,
  LayoutGrid,
  type LucideIcon,
  LockKeyhole,
  Mail,
  Settings,
  Settings2,
  ShieldQuestion,
  SquareStack,
  Ticket,
  UserRoundPlus,
  Users,
} from 'lucide-react'

export type WorkspacePath =
  | '/workspaces/$workspaceId'
  | '/workspaces/$workspaceId/activity'
  | '/workspaces/$workspaceId/files'
  | '/workspaces/$workspaceId/secrets'
  | '/workspaces/$workspaceId/settings'
  | '/workspaces/$workspaceId/settings/access-check'
  | '/workspaces/$workspaceId/settings/api-keys'
  | '/workspaces/$workspaceId/settings/credentials'
  | '/workspaces/$workspaceId/settings/invitations'
  | '/workspaces/$workspaceId/settings/members'
  | '/workspaces/$workspaceId/settings/sharing'
  | '/workspaces/$workspaceId/settings/tenants'
  | '/workspaces/$workspaceId/settings/tokens'
  | '/workspaces/$workspaceId/vault'
type GlobalPath = '/workspaces' | '/activity'

export type NavItem<To> = { label: string; icon: LucideIcon; to: To; keys?: string }

export const globalNav: readonly NavItem<GlobalPath>[] = [
  { label: 'Workspaces', icon: SquareStack, to: '/workspaces', keys: 'G W' },
  { label: 'Activity log', icon: Activity, to: '/activity', keys: 'G L' },
]

export const workspaceNav: readonly NavItem<WorkspacePath>[] = [
  { label: 'Overview', icon: LayoutGrid, to: '/workspaces/$workspaceId', keys: 'G O' },
  { label: 'Changelog', icon: History, to: '/workspaces/$workspaceId/activity' },
]

/** What a workspace keeps. Each of these has pages below it, of which it stays the section. */
export const dataNav: readonly NavItem<WorkspacePath>[] = [
  { label: 'Data Vault', icon: Database, to: '/workspaces/$workspaceId/vault' },
  { label: 'Files', icon: Files, to: '/workspaces/$workspaceId/files' },
  { label: 'Secrets', icon: LockKeyhole, to: '/workspaces/$workspaceId/secrets' },
]

export const settingsEntry: NavItem<WorkspacePath> = { label: 'Settings', icon: Settings, to: '/workspaces/$workspaceId/settings' }

export const settingsNav: readonly { group: string; items: readonly NavItem<WorkspacePath>[] }[] = [
  { group: 'Workspace', items: [{ label: 'General', icon: Settings2, to: '/workspaces/$workspaceId/settings' }] },
  {
    group: 'People',
    items: [
      { label: 'Members', icon: Users, to: '/workspaces/$workspaceId/settings/members' },
      { label: 'Sharing', icon: UserRoundPlus, to: '/workspaces/$workspaceId/settings/sharing' },
      { label: 'Invitations', icon: Mail, to: '/workspaces/$workspaceId/settings/invitations' },
      { label: 'Access check', icon: ShieldQuestion, to: '/workspaces/$workspaceId/settings/access-check' },
    ],
  },
  {
    group: 'Programs',
    items: [
      { label: 'API keys', icon: KeyRound, to: '/workspaces/$workspaceId/settings/api-keys', keys: 'G K' },
      { label: 'Access tokens', icon: Ticket, to: '/workspaces/$workspaceId/settings/tokens' },
      { label: 'Tenants', icon: Building2, to: '/workspaces/$workspaceId/settings/tenants' },
    ],
  },
  {
    group: 'Integrations',
    items: [{ label: 'Credentials', icon: FileKey2, to: '/workspaces/$workspaceId/settings/credentials' }],
  },
]

/** The page of another workspace that shows the same: the section stays, an id of something inside it does not. */
export function sectionOf(pathname: string): WorkspacePath {
  const section = /^\/workspaces\/[^/]+\/(activity|files|secrets|vault|settings(?:\/[a-z-]+)?)(?:\/|$)/.exec(pathname)?.[1]
  return section ? (`/workspaces/$workspaceId/${section}` as WorkspacePath) : '/workspaces/$workspaceId'
}
