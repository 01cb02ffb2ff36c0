/** Under these the API answers; everything else is the portal's or the reference's. */
export function isApiPath(url: string): boolean {
  return /^\/(?:v1|api|org-workspaces)(?:[/?]|$)/.test(url)
}
