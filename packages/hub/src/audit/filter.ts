import { auditActions } from '@freehold/contract'

export type FeedQuery = { actor?: string; action?: string; resource?: string; since?: string; until?: string }

/** Collects the values of a statement and answers their placeholders. */
export type Values = (value: unknown) => string

/** SQL conditions on the event `e`: `since` is within, `until` is not. */
export function filterConditions(query: FeedQuery, value: Values): string[] {
  const conditions: string[] = []
  if (query.actor !== undefined) conditions.push(`e.actor_id = ${value(query.actor)}`)
  if (query.action !== undefined) conditions.push(actionCondition(query.action, value))
  if (query.resource !== undefined) conditions.push(resourceCondition(query.resource, value))
  if (query.since !== undefined) conditions.push(`e.at >= ${value(query.since)}`)
  if (query.until !== undefined) conditions.push(`e.at < ${value(query.until)}`)
  return conditions
}

// A list of whole names uses the index under any collation; a prefix would not.
function actionCondition(action: string, value: Values): string {
  if (!action.endsWith('.')) return `e.action = ${value(action)}`
  return `e.action = any (${value(auditActions.filter((known) => known.startsWith(action)))}::text[])`
}

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

function resourceCondition(resource: string, value: Values): string {
  const colon = resource.indexOf(':')
  if (colon >= 0) return `e.resource_kind = ${value(resource.slice(0, colon))} and e.resource_id = ${value(resource.slice(colon + 1))}`
  if (uuid.test(resource)) return `e.resource_id = ${value(resource.toLowerCase())}`
  const placeholder = value(resource)
  return `(e.resource_kind = ${placeholder} or e.resource_id = ${placeholder})`
}
