import Type, { type Static } from 'typebox'
import { permissions } from '../permissions.ts'
import { Slug } from './account.ts'
import { ExportFormat } from './export.ts'
import { Description, Name, Nullable, Strict, Timestamp, Uuid } from './fields.ts'

export const workspaceStatuses = ['provisioning', 'active', 'frozen', 'archived', 'failed', 'offboarding', 'deleted'] as const
export const tenancyModels = ['shared', 'dedicated'] as const

const listed = {
  id: Uuid,
  account_id: Uuid,
  name: Type.String(),
  slug: Type.String(),
  status: Type.Enum([...workspaceStatuses]),
  region: Type.String(),
  tenancy_model: Type.Enum([...tenancyModels]),
  created_at: Timestamp,
}

export const WorkspaceSummary = Strict(listed)
export type WorkspaceSummary = Static<typeof WorkspaceSummary>

export const Workspace = Strict({
  ...listed,
  description: Type.String(),
  settings: Type.Record(Type.String(), Type.Unknown()),
  status_reason: Nullable(Type.String({ description: 'Why it failed or is frozen, when a reason is known' })),
  provisioning_run_id: Nullable(Uuid),
  updated_at: Timestamp,
  permissions: Type.Array(Type.Enum([...permissions.workspace]), { description: 'What you may do in this workspace' }),
})
export type Workspace = Static<typeof Workspace>

export const NewWorkspace = Strict({
  account_id: Uuid,
  name: Name,
  region: Type.String({ minLength: 1, maxLength: 63, description: 'One of `GET /v1/regions`' }),
  slug: Type.Optional(Slug),
  description: Type.Optional(Description),
  tenancy_model: Type.Optional(Type.Enum([...tenancyModels], { default: 'shared' })),
})
export type NewWorkspace = Static<typeof NewWorkspace>

/** Whatever its users keep here; what Freehold itself goes by is typed. */
const Settings = Type.Object(
  { export_format: Type.Optional(ExportFormat) },
  { additionalProperties: true, maxProperties: 100, propertyNames: { maxLength: 64 } },
)

export const WorkspaceChange = Type.Object(
  {
    name: Type.Optional(Name),
    description: Type.Optional(Description),
    settings: Type.Optional(Settings),
  },
  { additionalProperties: false, minProperties: 1 },
)
export type WorkspaceChange = Static<typeof WorkspaceChange>

export const WorkspaceCreated = Strict({ workspace_id: Uuid, provisioning_run_id: Uuid })
export const StatusChange = Strict({ status: Type.Enum(['active', 'frozen']), reason: Type.Optional(Type.String({ maxLength: 200 })) })

export const Environment = Strict({
  id: Uuid,
  slug: Type.String(),
  name: Type.String(),
  status: Type.Enum(['provisioning', 'active']),
  protected: Type.Boolean({ description: 'Deploying here needs `administer`' }),
  created_at: Timestamp,
})
export type Environment = Static<typeof Environment>

export const NewEnvironment = Strict({ slug: Slug, name: Type.Optional(Name), protected: Type.Optional(Type.Boolean({ default: false })) })
export const Region = Strict({ id: Type.String(), name: Type.String() })
