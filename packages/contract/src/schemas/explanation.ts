import Type, { type Static } from 'typebox'
import { permissions } from '../permissions.ts'
import { Nullable, Strict } from './fields.ts'

const Reference = Strict({ kind: Type.String(), id: Type.String(), label: Type.String() })

const PathStep = Strict({
  resource: Reference,
  relation: Type.String(),
  subject: Reference,
  expires_at: Nullable(Type.String()),
})

export const obstacleKinds = ['role', 'scope', 'state', 'limit', 'second_factor', 'expired', 'revoked'] as const
const Obstacle = Strict({
  kind: Type.Enum([...obstacleKinds]),
  message: Type.String({ description: 'What stands in the way' }),
  fix: Type.String({ description: 'What would remove it, and who can' }),
})

export const Explanation = Strict({
  allowed: Type.Boolean(),
  principal: Reference,
  permission: Type.String(),
  resource: Reference,
  role: Nullable(Type.String({ description: 'The role that gives most' })),
  path: Type.Array(PathStep, { description: 'The relationships that lead from the resource to the principal; empty on a refusal' }),
  conditions: Type.Array(Type.String(), {
    description: 'What else must hold at the time of the request, such as the address it comes from',
  }),
  obstacles: Type.Array(Obstacle, { description: 'Everything that stands in the way, not only the first' }),
})
export type Explanation = Static<typeof Explanation>

export const explainQuery = Strict({
  principal: Type.Optional(Type.String({ maxLength: 254, description: '`user:{id}`, `api_key:{id}`, or an e-mail; you unless told' })),
  permission: Type.Enum([...permissions.workspace]),
  resource: Type.Optional(
    Type.String({
      maxLength: 100,
      description: '`environment:{slug}`, or a scope’s noun such as `api_keys`; the workspace itself unless told',
    }),
  ),
})
