import { setTimeout as pause } from 'node:timers/promises'

/** Asks until the answer is as wanted; throws with the last one after `limitMs`. */
export async function waitFor<Value>(ask: () => Promise<Value>, isWanted: (value: Value) => boolean, limitMs = 20_000): Promise<Value> {
  const end = Date.now() + limitMs
  for (;;) {
    const value = await ask()
    if (isWanted(value)) return value
    if (Date.now() > end) throw new Error(`still not as wanted after ${limitMs} ms: ${JSON.stringify(value).slice(0, 500)}`)
    await pause(20)
  }
}
