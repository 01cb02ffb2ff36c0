import { type VaultField, valueFrom } from './fields.ts'

export const conditionOps = ['eq', 'ne', 'lt', 'lte', 'gt', 'gte', 'prefix', 'in', 'empty', 'set'] as const
export type ConditionOp = (typeof conditionOps)[number]
/** One line of a filter, as the URL has it: field, comparison, value as text. */
export type Condition = readonly [field: string, op: ConditionOp, value: string]

const labels: Record<ConditionOp, string> = {
  eq: 'is',
  ne: 'is not',
  lt: 'less than',
  lte: 'at most',
  gt: 'more than',
  gte: 'at least',
  prefix: 'begins with',
  in: 'is one of',
  empty: 'is empty',
  set: 'is not empty',
}

export const opLabel = (op: ConditionOp): string => labels[op]
export const takesValue = (op: ConditionOp): boolean => op !== 'empty' && op !== 'set'

/** The comparisons that the API knows for a field. */
export function opsOf({ scalar, sensitive }: VaultField): readonly ConditionOp[] {
  if (scalar === null || sensitive === 'hidden') return []
  if (sensitive === 'equality') return ['eq', 'in']
  if (scalar === 'boolean') return ['eq', 'ne', 'empty', 'set']
  return conditionOps.filter((op) => op !== 'prefix' || scalar === 'string')
}

/** The filter of a query that all conditions together are; undefined where there is none. */
export function filterOf(conditions: readonly Condition[], fields: readonly VaultField[]): Record<string, unknown> | undefined {
  const parts = conditions.map(([path, op, text]) => {
    const field = fields.find((known) => known.path === path)
    const value = (one: string) => (field ? valueFrom(field, one) : one)
    if (op === 'empty') return { [path]: { eq: null } }
    if (op === 'set') return { [path]: { ne: null } }
    if (op === 'in') return { [path]: { in: text.split(',').map((one) => value(one.trim())) } }
    return { [path]: { [op]: value(text) } }
  })
  const [first, ...others] = parts
  if (!first) return undefined
  return others.length === 0 ? first : { and: parts }
}
