/** Settings of a session, by name, such as `statement_timeout`. */
export type SessionSettings = Record<string, string>

/**
 * What pg needs to connect with these settings. A URL may carry `options` of its own (some hosts route by them), which
 * pg would take instead of ours, and with them the guarantees that our settings give; so both are sent, ours last.
 */
export function sessionConfig(url: string, settings: SessionSettings): { connectionString: string; options: string } {
  const target = new URL(url)
  const own = target.searchParams.get('options')
  target.searchParams.delete('options')
  const ours = Object.entries(settings).map(([name, value]) => `-c ${name}=${value.replaceAll(/[\\ ]/g, '\\$&')}`)
  return { connectionString: target.href, options: [own, ...ours].filter(Boolean).join(' ') }
}
