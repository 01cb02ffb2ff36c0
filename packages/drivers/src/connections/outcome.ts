/** What a check of a connection found, in our own words: never what the other side wrote, never a secret. */
export type Outcome = { ok: boolean; message: string; hint: string | null }

export const good = (message: string, hint: string | null = null): Outcome => ({ ok: true, message, hint })
export const bad = (message: string, hint: string | null = null): Outcome => ({ ok: false, message, hint })
