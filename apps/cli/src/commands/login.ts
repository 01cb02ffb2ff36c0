import { readFile } from 'node:fs/promises'
import { createFreehold } from '@freehold/sdk'
import { configPath, normalizeUrl, readConfig, writeConfig } from '../config.ts'
import { defaultUrl } from '../credentials.ts'
import { command, text } from '../framework/command.ts'
import { CommandFailure } from '../framework/failure.ts'
import { askSecret, readSecretFromInput } from '../secret-input.ts'

export const login = command({
  path: ['login'],
  summary: 'Sign in: check a token and keep it.',
  description:
    'Takes the token from --token-file, from standard input, or from a hidden prompt. Make one in the portal under Profile, Tokens.\nIt is kept in ~/.config/freehold/config.json, which only you can read.',
  examples: ['freehold login --url https://freehold.example.com', 'freehold login --token - < token.txt'],
  offline: true,
  flags: { tokenFile: text('FILE', 'Read the token from this file') },

  async run({ flags, out, url: named, token: given, signal }) {
    const config = await readConfig()
    const url = normalizeUrl(named ?? process.env.FREEHOLD_URL ?? config.current ?? defaultUrl)
    if (url.startsWith('http:') && !isLoopback(url)) out.note(`${url} is not encrypted: whoever is on the way can read the token.`)
    const token = await readToken(flags.tokenFile, given, { url, signal })
    const me = await createFreehold({ url, token, defaults: { signal } }).getMe()

    await writeConfig({ current: url, servers: { ...config.servers, [url]: { token } } })
    out.result(`Signed in to ${url} as ${me.label}.`, me)
    out.note(`Kept in ${configPath()}.`)
  },
})

async function readToken(
  file: string | undefined,
  given: string | undefined,
  { url, signal }: { url: string; signal: AbortSignal },
): Promise<string> {
  if (file !== undefined) {
    const text = await readFile(file, 'utf8').catch((error: Error) => {
      throw new CommandFailure('usage', `${file} cannot be read: ${error.message}`)
    })
    return text.trim()
  }
  if (given !== undefined && given !== '-') return given
  return given === '-' || !process.stdin.isTTY ? readSecretFromInput() : askSecret(`Token for ${url}: `, signal)
}

function isLoopback(url: string): boolean {
  return /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(new URL(url).hostname)
}
