/** Exponential with jitter: half to all of `baseMs` · 2^`failures`, at most `limitMs`. */
export function backOffMs(failures: number, baseMs: number, limitMs: number): number {
  return Math.min(limitMs, baseMs * 2 ** failures) * (0.5 + Math.random() / 2)
}

/** Resolves after `ms`; rejects with the signal's reason as soon as it aborts. */
export function wait(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason)
    const stop = () => {
      clearTimeout(timer)
      reject(signal?.reason)
    }
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', stop)
      resolve()
    }, ms)
    signal?.addEventListener('abort', stop, { once: true })
  })
}
