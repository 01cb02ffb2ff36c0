import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { closeServer, type KmsServer, readText } from './transit-server.ts'

export const awsKeyId = 'arn:aws:kms:eu-central-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab'

type Input = { KeyId?: string; Plaintext?: string; CiphertextBlob?: string; EncryptionContext?: Record<string, string> }

class Refusal extends Error {}

/** AWS KMS on loopback with one symmetric key: Encrypt, Decrypt and GenerateDataKey of its JSON 1.1 protocol. Signatures are asked for, not checked. */
export async function startAwsKmsServer(): Promise<KmsServer> {
  const keys = [randomBytes(32)]
  const calls: string[] = []
  let behaviour: Parameters<KmsServer['behave']>[0] = 'work'

  const contextOf = ({ EncryptionContext = {} }: Input) =>
    Buffer.from(JSON.stringify(Object.entries(EncryptionContext).toSorted(([a], [b]) => (a < b ? -1 : 1))))

  function seal(input: Input, plain: Buffer): string {
    const nonce = randomBytes(12)
    const cipher = createCipheriv('aes-256-gcm', keys.at(-1)!, nonce).setAAD(contextOf(input))
    return Buffer.concat([Buffer.from([keys.length]), nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()]).toString('base64')
  }

  function open(input: Input): string {
    try {
      const sealed = Buffer.from(input.CiphertextBlob!, 'base64')
      const decipher = createDecipheriv('aes-256-gcm', keys[sealed[0]! - 1]!, sealed.subarray(1, 13))
      decipher.setAAD(contextOf(input)).setAuthTag(sealed.subarray(-16))
      return Buffer.concat([decipher.update(sealed.subarray(13, -16)), decipher.final()]).toString('base64')
    } catch {
      throw new Refusal('InvalidCiphertextException')
    }
  }

  function act(operation: string, input: Input): object {
    if (input.KeyId !== undefined && input.KeyId !== awsKeyId) throw new Refusal('NotFoundException')
    if (operation === 'Encrypt') return { CiphertextBlob: seal(input, Buffer.from(input.Plaintext!, 'base64')), KeyId: awsKeyId }
    if (operation === 'Decrypt') return { Plaintext: open(input), KeyId: awsKeyId, EncryptionAlgorithm: 'SYMMETRIC_DEFAULT' }
    if (operation !== 'GenerateDataKey') throw new Refusal('UnknownOperationException')
    const plain = randomBytes(32)
    return { CiphertextBlob: seal(input, plain), Plaintext: plain.toString('base64'), KeyId: awsKeyId }
  }

  const server = createServer((request, response) => {
    const answer = (status: number, body: object) =>
      response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1' }).end(JSON.stringify(body))
    void readText(request).then((text) => {
      calls.push(text)
      const [, operation = ''] = /^TrentService\.(\w+)$/.exec(String(request.headers['x-amz-target'])) ?? []
      const isSigned = request.headers.authorization?.startsWith('AWS4-HMAC-SHA256 Credential=') ?? false
      if (behaviour === 'hang') return
      if (behaviour === 'break') return answer(500, { __type: 'KMSInternalException', message: 'try again' })
      if (behaviour === 'refuse' || !isSigned) return answer(400, { __type: 'AccessDeniedException', Message: 'not authorized' })
      try {
        answer(200, act(operation, JSON.parse(text) as Input))
      } catch (error) {
        answer(400, { __type: error instanceof Refusal ? error.message : 'ValidationException' })
      }
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    behave: (how) => void (behaviour = how),
    calls,
    rotate: () => void keys.push(randomBytes(32)),
    close: () => closeServer(server),
  }
}
