/** With `__Host-` a browser takes the cookie only over TLS and for this host alone, so that no sibling host can plant one. */
export function sessionCookieName(secure: boolean): string {
  return secure ? '__Host-freehold_session' : 'freehold_session'
}

/** The `Set-Cookie` value of a new session. */
export function writeSessionCookie(token: string, lifetimeSeconds: number, secure: boolean): string {
  return `${sessionCookieName(secure)}=${token}; Path=/; Max-Age=${lifetimeSeconds}; HttpOnly; SameSite=Lax${secure ? '; Secure' : ''}`
}

/** The `Set-Cookie` value that makes a browser forget its session. */
export function clearSessionCookie(secure: boolean): string {
  return writeSessionCookie('', 0, secure)
}
