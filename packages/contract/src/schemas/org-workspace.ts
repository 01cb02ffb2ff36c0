import Type, { type Static } from 'typebox'
import { ExportFormat } from './export.ts'
import { Name, Nullable, Strict, Timestamp, Uuid } from './fields.ts'
import { TenantFields, TenantKey, TenantName } from './tenant.ts'
import { workspaceStatuses } from './workspace.ts'

const Uri = Type.String({ format: 'uri', pattern: '^https?://', maxLength: 2000 })
const jwtAlgorithms = ['RS256', 'RS384', 'RS512', 'ES256', 'ES384', 'ES512', 'PS256', 'PS384', 'PS512'] as const

const PublicKey = Strict({
  kid: Type.String({ minLength: 1, maxLength: 200, description: 'Key id, as the header of your tokens names it' }),
  algorithm: Type.Enum([...jwtAlgorithms], { description: 'The only algorithm that this key verifies' }),
  key: Type.String({ minLength: 1, maxLength: 10_000, description: 'PEM (SPKI)' }),
})

const Settings = Type.Object(
  {
    disableSecretKeyAuth: Type.Optional(Type.Boolean({ description: 'Refuse tokens signed with the workspace secret' })),
    export_format: Type.Optional(ExportFormat),
  },
  { additionalProperties: true, maxProperties: 100 },
)

const configured = {
  name: Type.String(),
  logoUri: Nullable(Type.String()),
  webhookUri: Nullable(Type.String()),
  webhookEvents: Type.Array(Type.String()),
  publicKeys: Type.Array(PublicKey),
  jwksUri: Nullable(Type.String()),
  settings: Settings,
  limits: Type.Record(Type.String(), Type.Integer()),
  type: Type.Enum(['production', 'development']),
  isReadOnly: Type.Boolean({ description: 'Frozen: every write is refused' }),
}

/** A workspace as its organization sees it. */
export const OrgWorkspace = Strict({
  id: Uuid,
  orgId: Uuid,
  key: Type.String({ description: 'What tokens name the workspace by, in the claim `workspaceKey`' }),
  slug: Type.String(),
  region: Type.String(),
  status: Type.Enum([...workspaceStatuses]),
  ...configured,
  createdAt: Timestamp,
  updatedAt: Timestamp,
  archivedAt: Nullable(Timestamp),
})
export type OrgWorkspace = Static<typeof OrgWorkspace>

export const NewOrgWorkspace = Strict({
  orgId: Uuid,
  name: Name,
  logoUri: Type.Optional(Nullable(Uri)),
  region: Type.Optional(Type.String({ minLength: 1, maxLength: 63, description: 'One of `GET /v1/regions`; the first unless told' })),
})
export const OrgWorkspaceWithSecret = Strict({
  ...OrgWorkspace.properties,
  secret: Type.String({ description: 'Signs tokens (HS256, HS512): in this answer and nowhere else' }),
})

export const OrgWorkspaceChange = Type.Object(
  {
    name: Type.Optional(Name),
    logoUri: Type.Optional(Nullable(Uri)),
    webhookUri: Type.Optional(Nullable(Uri)),
    webhookEvents: Type.Optional(Type.Array(Type.String({ minLength: 1, maxLength: 100 }), { maxItems: 100 })),
    publicKeys: Type.Optional(Type.Array(PublicKey, { maxItems: 20 })),
    jwksUri: Type.Optional(Nullable(Uri)),
    settings: Type.Optional(Settings),
    limits: Type.Optional(Type.Record(Type.String({ maxLength: 64 }), Type.Integer({ minimum: 0 }), { maxProperties: 50 })),
    type: Type.Optional(configured.type),
    isReadOnly: Type.Optional(Type.Boolean()),
  },
  { additionalProperties: false, minProperties: 1 },
)
export type OrgWorkspaceChange = Static<typeof OrgWorkspaceChange>

export const NewAccessToken = Strict({
  tenantKey: Type.Optional(TenantKey),
  name: Type.Optional(TenantName),
  fields: Type.Optional(TenantFields),
  isAdmin: Type.Optional(Type.Boolean({ default: false, description: 'Role `admin` instead of `view`' })),
  lifetimeSeconds: Type.Optional(Type.Integer({ minimum: 60, maximum: 86_400, default: 3600 })),
})
export const AccessToken = Strict({ token: Type.String(), expiresAt: Timestamp })

const graceSeconds = Type.Integer({ minimum: 0, maximum: 2_592_000, default: 0, description: 'How long the old one still works' })
const graceFrom = Type.Enum(['now', 'first_use'], {
  default: 'now',
  description: 'When the grace begins: now, or when the new one is first used',
})

export const SecretRotation = Strict({ graceSeconds: Type.Optional(graceSeconds), graceFrom: Type.Optional(graceFrom) })
export const RotatedSecret = Strict({ secret: Type.String(), previousExpiresAt: Nullable(Timestamp) })
/** The same in the API's own spelling, for keys. */
export const KeyRotation = Strict({ grace_seconds: Type.Optional(graceSeconds), grace_from: Type.Optional(graceFrom) })
