export type FetchOptions = {
  method?: 'GET' | 'POST'
  headers?: Record<string, string>
  body?: string
  /** 5000 unless told. */
  timeoutMs?: number
  /** 1 MiB unless told; a longer answer is refused. */
  maxBytes?: number
}
export type Fetched = { status: number; headers: Record<string, string>; body: Buffer }

/**
 * The one way out: resolves the name, refuses addresses that are not public unless they are allowed, connects to the address
 * that was checked, follows no redirect. Rejects with EgressError.
 */
export type Fetch = (url: string, options?: FetchOptions) => Promise<Fetched>
