import { expect, test } from 'vitest'
import { createSweep, sweepAll } from './sweep.ts'

test('a sweep goes on after a pass that failed, and stop waits for the pass under way', async () => {
  const failures: string[] = []
  let passes = 0
  let finish: () => void = () => undefined
  let reached: () => void = () => undefined
  const third = new Promise<void>((resolve) => (reached = resolve))
  const sweep = createSweep({
    pass: async () => {
      passes += 1
      if (passes === 1) throw new Error('the first')
      if (passes < 3) return
      reached()
      await new Promise<void>((resolve) => (finish = resolve))
    },
    everyMs: 1,
    logger: { error: (_detail, message) => failures.push(message) },
    failure: 'a pass failed',
  })
  sweep.start()
  sweep.start()
  await third
  let isStopped = false
  const stopped = sweep.stop().then(() => (isStopped = true))
  await Promise.resolve()
  expect(isStopped).toBe(false)
  finish()
  await stopped
  expect([passes, failures]).toEqual([3, ['a pass failed']])
})

test('what is due is done page by page, and what cannot be done ends it', async () => {
  const due = [1, 2, 3, 4, 5]
  const tried: number[] = []
  const done = await sweepAll(
    async () => due.slice(0, 2),
    async (item) => {
      tried.push(item)
      if (item === 4) return false
      due.splice(due.indexOf(item), 1)
      return true
    },
  )
  expect([done, due]).toEqual([4, [4]])
  expect(tried).toEqual([1, 2, 3, 4, 4, 5, 4])
})
