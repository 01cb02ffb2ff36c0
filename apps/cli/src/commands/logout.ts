import { normalizeUrl, readConfig, writeConfig } from '../config.ts'
import { command } from '../framework/command.ts'

export const logout = command({
  path: ['logout'],
  summary: 'Forget the token that login kept.',
  description: 'The token itself stays valid. Revoke it in the portal if someone else may have it.',
  offline: true,

  async run({ out, url: named }) {
    const { current, servers } = await readConfig()
    const url = named === undefined ? current : normalizeUrl(named)
    if (url === null || servers[url] === undefined) return out.note('You were not signed in.')

    const { [url]: _, ...others } = servers
    await writeConfig({ current: current === url ? null : current, servers: others })
    out.result(`Signed out of ${url}.`, { url })
  },
})
