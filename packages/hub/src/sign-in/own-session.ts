import type { Principal } from '@freehold/authz/request'
import { AppError } from '@freehold/contract'

/** Means to sign in are changed by a person who has signed in, not by a program that a token was handed to. */
export function requireSession({ credential }: Principal): void {
  if (credential.kind === 'session') return
  throw new AppError('forbidden', 'Sign in for this: a token changes no means to sign in.', { members: { permission: 'session' } })
}

export function wrongSetup(): AppError {
  return new AppError('invalid_request', 'This has expired or was used before. Begin anew.', {
    errors: [{ pointer: '/body/setup', message: 'is not valid any more' }],
  })
}

// Not 401: the caller is signed in, and a client that takes a 401 for the end of its session would sign out.
export function wrongCode(): AppError {
  return new AppError('invalid_request', 'The code is wrong or was used before. Wait for the next one. Nothing was changed.', {
    errors: [{ pointer: '/body/code', message: 'is wrong' }],
  })
}

export function noTotp(): AppError {
  return new AppError('invalid_state', 'No authenticator app is set up. Set one up first, under your profile.')
}
