import { type Session, toggle, wholeNumber } from './framework/command.ts'

/** Flags of every command that lists. */
export const listFlags = {
  limit: wholeNumber('N', 100, 'Show at most so many'),
  all: toggle('Show all'),
}

const largestPage = 1000

/** How many to ask of the server at a time: one more than is shown tells whether there are more. */
export function pageSize({ limit, all }: { limit: number; all: boolean }): number {
  return all ? largestPage : Math.min(limit + 1, largestPage)
}

/** As many items as the flags ask for; says so when there are more. */
export async function takeItems<T>(
  list: AsyncIterable<T>,
  { limit, all }: { limit: number; all: boolean },
  out: Session['out'],
): Promise<T[]> {
  const items: T[] = []
  for await (const item of list) {
    if (!all && items.length === limit) {
      out.note(`These are the first ${limit}; there are more. --limit N or --all shows them.`)
      break
    }
    items.push(item)
  }
  return items
}
