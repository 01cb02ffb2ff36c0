const key = 'freehold.invitation'

/**
 * The token of an invitation's link, while its person signs in on another page. It stays in the tab: in the address of the sign-in it
 * would be sent to the server, and to an identity provider.
 */
export function readInvitationToken(hash: string): string {
  try {
    return decodeURIComponent(hash) || (sessionStorage.getItem(key) ?? '')
  } catch {
    return ''
  }
}

export const keepInvitationToken = (token: string) => sessionStorage.setItem(key, token)
export const forgetInvitationToken = () => sessionStorage.removeItem(key)
