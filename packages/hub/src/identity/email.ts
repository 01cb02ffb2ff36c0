/** The one form in which an e-mail address is stored, looked up and counted. */
export function normalizeEmail(email: string): string {
  return email.trim().toLowerCase()
}
