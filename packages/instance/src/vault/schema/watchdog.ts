import { createContext, Script } from 'node:vm'

const context = createContext(Object.create(null)) as { run?: () => void }
const script = new Script('run()')

/** Thrown where the work took longer than it may. */
export class OutOfTime extends Error {
  override readonly name = 'OutOfTime'
}

/**
 * Runs synchronous work for at most so long. A collection's schema comes from a customer: a pattern that backtracks without
 * end, or a comparison of all items with all, is stopped wherever it is, inside the regular expression too.
 */
export function withinTime<R>(timeoutMs: number, work: () => R): R {
  let result: { value: R } | undefined
  context.run = () => {
    result = { value: work() }
  }
  try {
    script.runInContext(context, { timeout: timeoutMs })
  } catch (error) {
    if ((error as { code?: string }).code === 'ERR_SCRIPT_EXECUTION_TIMEOUT') throw new OutOfTime('the check took too long')
    throw error
  }
  return result!.value
}
