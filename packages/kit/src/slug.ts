/** Lowercase letters and digits in groups joined by single hyphens, 2 to 48 characters. */
export const slugPattern = '^(?=.{2,48}$)[a-z0-9]+(?:-[a-z0-9]+)*$'

/** Words that a path, a host name or a person could mistake for something of the platform. */
export const reservedSlugs: ReadonlySet<string> = new Set(
  `account accounts activity admin api app apps assets auth billing by-account by-host by-slug cdn console dashboard docs events
  favicon freehold health healthz help hub instance instances internal invite invitations jobs local login logout mail me metrics
  new oauth openapi operator org org-workspaces portal profile projects provisioning-runs public readyz root run runs search
  security sessions settings setup sign-in sign-out signup static status support system test tokens tus user users v1 v2 webhooks
  workspace workspaces www`.split(/\s+/),
)

/**
 * A slug made from a display name: accents dropped, everything else but letters and digits turned into hyphens.
 * Names that leave nothing (such as `日本`) become `unnamed`. `suffix` tells apart equal names. Never a reserved word.
 */
export function generateSlug(name: string, suffix = ''): string {
  const base = name
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 48 - (suffix ? suffix.length + 1 : 0))
    .replace(/^-+|-+$/g, '')
  const usable = base.length >= 2 && !reservedSlugs.has(base) ? base : base ? `workspace-${base}` : 'unnamed'
  return suffix ? `${usable.slice(0, 47 - suffix.length).replace(/-+$/, '')}-${suffix}` : usable
}
