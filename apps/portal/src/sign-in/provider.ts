import { client } from '../api/client.ts'
import { readLoginSearch } from '../search.ts'

const nextKey = 'freehold.sign-in.next'

/** Leaves for the identity provider, which sends the browser back to the page that finishes the sign-in. */
export async function goToProvider(next: string | undefined): Promise<void> {
  const { authorization_url } = await client.startOidc()
  if (next === undefined) sessionStorage.removeItem(nextKey)
  else sessionStorage.setItem(nextKey, next)
  location.assign(authorization_url)
}

/** Where the person wanted to go when they left, once. */
export function takeNext(): string {
  const { next } = readLoginSearch({ next: sessionStorage.getItem(nextKey) })
  sessionStorage.removeItem(nextKey)
  return next ?? '/'
}
