import { noLimits, type KeyLimits, type Principal } from '@freehold/authz/request'
import { type AnyRoute, type AppError, contract } from '@freehold/contract'
import Type from 'typebox'
import { expect, test } from 'vitest'
import { anonymous } from './anonymous.ts'
import { refuseBeyondLimits } from './key-limits.ts'

type Call = Partial<Parameters<typeof refuseBeyondLimits>[1]>

const key = (limits: Partial<KeyLimits>, scopes: string[] = []): Principal => ({
  ...anonymous,
  kind: 'api_key',
  scopes,
  limits: { ...noLimits, ...limits },
})

/** What a call is refused with; null where it is let through. */
function refusal(principal: Principal, call: Call): Record<string, unknown> | null {
  const facts = { route: contract.listSessions, input: { params: {}, query: {}, body: undefined }, ip: '192.0.2.1', origin: null }
  try {
    refuseBeyondLimits(principal, { ...facts, ...call })
    return null
  } catch (error) {
    expect(error).toMatchObject({ code: 'forbidden' })
    return (error as AppError).members
  }
}

const withEnvironment = (part: 'params' | 'query' | 'body'): AnyRoute => ({
  ...contract.updateWorkspace,
  [part]: Type.Object({ environment: Type.Optional(Type.String()) }),
})
const naming = (part: 'params' | 'query' | 'body', environment: unknown): Call => ({
  route: withEnvironment(part),
  input: { params: {}, query: {}, body: undefined, [part]: { environment } },
})

test('PR-05 a credential without limits is let through from anywhere, for anything', () => {
  expect(refusal(key({}), { ip: 'unknown', origin: 'https://elsewhere.test' })).toBeNull()
  expect(refusal(key({}), naming('query', undefined))).toBeNull()
})

test('PR-05 a key of addresses works from them only, and never from an address that cannot be read', () => {
  const limited = key({ allowedIps: ['192.0.2.0/24', '2001:db8::/32'] })
  for (const ip of ['192.0.2.1', '::ffff:192.0.2.1', '2001:db8::1']) expect(refusal(limited, { ip })).toBeNull()
  for (const ip of ['192.0.3.1', '::ffff:192.0.3.1', '::1', '', 'unknown'])
    expect(refusal(limited, { ip })).toEqual({ permission: 'address' })
})

test('PR-05 a key of origins needs one of them, exactly', () => {
  const limited = key({ allowedOrigins: ['https://app.example.com'] })
  expect(refusal(limited, { origin: 'https://app.example.com' })).toBeNull()
  for (const origin of [null, 'null', 'https://app.example.com.evil.test', 'https://app.example.com:8443', 'http://app.example.com']) {
    expect(refusal(limited, { origin })).toEqual({ permission: 'origin' })
  }
})

test('PR-05 a key of scopes does what they name and may always ask who it is', () => {
  expect(refusal(key({}, ['sessions:read']), {})).toBeNull()
  expect(refusal(key({}, ['sessions:*']), {})).toBeNull()
  expect(refusal(key({}, ['sessions:write', 'agents:read']), {})).toEqual({ scope: 'sessions:read' })
  expect(refusal(key({}, ['agents:read']), { route: contract.getMe })).toBeNull()
})

test.each(['params', 'query', 'body'] as const)('PR-05 a key of environments must name one of them where a route asks in %s', (part) => {
  const limited = key({ environments: ['dev', 'staging'] })
  expect(refusal(limited, naming(part, 'dev'))).toBeNull()
  for (const named of ['prod', undefined, ['dev'], null, ''])
    expect(refusal(limited, naming(part, named))).toEqual({ permission: 'environment' })
  expect(refusal(limited, { ...naming(part, 'prod'), input: { params: {}, query: {}, body: null } })).toEqual({ permission: 'environment' })
  expect(refusal(limited, {})).toBeNull()
})
