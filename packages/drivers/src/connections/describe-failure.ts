import { EgressError } from '../egress/egress-error.ts'
import { bad, type Outcome } from './outcome.ts'

/** Why no conversation came about, in words. `where` is the host, as it was given. */
export function describeFailure(error: unknown, where: string): Outcome {
  if (error instanceof EgressError && error.reason !== 'unreachable') return describeRefusal(error, where)
  const code = codesOf(error).find((candidate) => candidate in byCode || isTlsCode(candidate))
  const words = code === undefined ? undefined : byCode[code]
  if (words) return bad(words[0](where), words[1])
  if (code !== undefined) return bad(`${where} could not prove by TLS who it is.`, 'Check its certificate, and that the port speaks TLS.')
  return bad(`${where} ended the connection before it answered.`, 'Check host and port.')
}

function describeRefusal(error: EgressError, where: string): Outcome {
  if (error.reason === 'timeout')
    return bad(`${where} did not answer in time.`, 'Check host and port, and that a firewall lets Freehold in.')
  if (error.reason === 'address')
    return bad(
      `${where} leads to a private address, which is not connected to.`,
      'Whoever runs the server can allow it by FREEHOLD_EGRESS_ALLOW.',
    )
  if (error.reason === 'too_large') return bad(`${where} answered more than a check reads.`, 'Check the address.')
  return bad('The address cannot be called.', 'Use an http or https address, or a plain host name, without user name and password.')
}

type Words = [message: (where: string) => string, hint: string]
const refused: Words = [
  (where) => `${where} refused the connection: nothing listens on that port.`,
  'Check host and port, and that it runs.',
]
const unknown: Words = [(where) => `The name ${where} cannot be resolved.`, 'Check the spelling of the host.']
const noWay: Words = [(where) => `There is no way to ${where} from here.`, 'Check the address and the network.']
const untrusted: Words = [
  (where) => `The certificate of ${where} is not signed by an authority that is trusted here.`,
  "Give the authority's certificate where the type has a field for it, or use a certificate of a public one.",
]
const byCode: Record<string, Words | undefined> = {
  ECONNREFUSED: refused,
  ENOTFOUND: unknown,
  EAI_AGAIN: unknown,
  ENODATA: unknown,
  EHOSTUNREACH: noWay,
  ENETUNREACH: noWay,
  DEPTH_ZERO_SELF_SIGNED_CERT: untrusted,
  SELF_SIGNED_CERT_IN_CHAIN: untrusted,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: untrusted,
  UNABLE_TO_GET_ISSUER_CERT: untrusted,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: untrusted,
  CERT_HAS_EXPIRED: [(where) => `The certificate of ${where} has expired.`, 'Renew it there.'],
  ERR_TLS_CERT_ALTNAME_INVALID: [(where) => `The certificate is not for ${where}.`, 'Use the host name that it is for.'],
}

const isTlsCode = (code: string) => /^(?:ERR_SSL_|ERR_TLS_|ERR_OSSL_|CERT_|EPROTO$)/.test(code)

/** The codes of an error and of what caused it, outermost first. */
function codesOf(error: unknown, depth = 0): string[] {
  if (!(error instanceof Error) || depth > 5) return []
  const code = 'code' in error && typeof error.code === 'string' ? [error.code] : []
  const several = error instanceof AggregateError ? error.errors.flatMap((inner) => codesOf(inner, depth + 1)) : []
  return [...code, ...codesOf(error.cause, depth + 1), ...several]
}
