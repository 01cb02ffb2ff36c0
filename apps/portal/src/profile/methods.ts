const words: Record<string, string> = {
  password: 'Password',
  totp: 'authenticator app',
  recovery_code: 'recovery code',
  passkey: 'Passkey',
  oidc: 'Single sign-on',
  mfa: 'second factor',
}

/** `Password and authenticator app`: how a session was proved. */
export function describeMethods(methods: readonly string[]): string {
  const text = methods.map((method) => words[method] ?? method).join(' and ')
  return text.charAt(0).toUpperCase() + text.slice(1)
}
