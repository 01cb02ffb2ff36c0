import { AppError } from '@freehold/contract'
import type { Nesting } from './member-queries.ts'

export const maxDepth = 3

/** Throws `invalid_state` where the group could not stand in the other without a circle or a fourth level. */
export function refuseNesting(nestings: readonly Nesting[], wanted: Nesting): void {
  const { parentId, childId } = wanted
  if (reach(nestings, childId, 'down').groups.has(parentId)) {
    throw new AppError('invalid_state', 'The groups would stand in each other, in a circle. Take one of them out first.')
  }
  if (reach(nestings, parentId, 'up').depth + reach(nestings, childId, 'down').depth > maxDepth) {
    throw new AppError('invalid_state', `Groups stand at most ${maxDepth} deep in each other. Put this one in further up.`)
  }
}

/** The group and all groups in it (or that it is in), and how many levels these make. */
function reach(nestings: readonly Nesting[], from: string, direction: 'up' | 'down'): { groups: Set<string>; depth: number } {
  const groups = new Set<string>()
  let depth = 0
  for (let level = new Set([from]); level.size > 0; depth++) {
    for (const id of level) groups.add(id)
    const next = nestings
      .filter(({ parentId, childId }) => level.has(direction === 'down' ? parentId : childId))
      .map(({ parentId, childId }) => (direction === 'down' ? childId : parentId))
    level = new Set(next)
  }
  return { groups, depth }
}
