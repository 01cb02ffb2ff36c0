import { AppError } from '@freehold/contract'
import { generateSlug, newId, reservedSlugs } from '@freehold/kit'

/** Throws for a word that a path or a person could mistake for something of the platform. */
export function refuseReservedSlug(slug: string | undefined): void {
  if (slug === undefined || !reservedSlugs.has(slug)) return
  throw new AppError('invalid_request', `"${slug}" is reserved. Choose another slug.`, {
    errors: [{ pointer: '/body/slug', message: 'is a reserved word' }],
  })
}

/**
 * Inserts under the slug that was asked for, or under one made from the name; a few random characters tell it from
 * others of that name. `insert` answers undefined when the slug is taken. Throws `slug_taken`.
 */
export async function insertUnderSlug<Row>(
  wanted: { slug?: string; name: string },
  insert: (slug: string) => Promise<Row | undefined>,
): Promise<Row> {
  for (const slug of candidates(wanted)) {
    const row = await insert(slug)
    if (row !== undefined) return row
  }
  throw new AppError('slug_taken', 'Choose another slug: slugs are unique on the whole platform and never used again.', {
    errors: [{ pointer: '/body/slug', message: 'is taken' }],
  })
}

function candidates({ slug, name }: { slug?: string; name: string }): string[] {
  if (slug !== undefined) return [slug]
  const suffix = () => newId().replaceAll('-', '').slice(-6)
  return [generateSlug(name), generateSlug(name, suffix()), generateSlug(name, suffix())]
}
