import { readFileSync } from 'node:fs'
import { join } from 'node:path'

import { type Rule, type RuleContext, findRoot, isNode, isTestFile, pathInProject, resolveImport, visitImports } from './rule.ts'

// Who may import whom. A package that stands here with nothing imports nothing of ours; one that does not stand here must be added.
const allowedImports: Record<string, string[]> = {
  'packages/kit': [],
  'packages/contract': ['kit'],
  'packages/db': ['kit'],
  'packages/drivers': ['kit'],
  'packages/authz': ['contract', 'db', 'kit'],
  'packages/workflow': ['contract', 'db', 'kit'],
  'packages/hub': ['authz', 'contract', 'db', 'drivers', 'kit', 'workflow'],
  'packages/instance': ['authz', 'contract', 'db', 'drivers', 'kit', 'workflow'],
  'packages/sdk': ['contract', 'kit'],
  'packages/testing': ['authz', 'contract', 'db', 'drivers', 'hub', 'instance', 'kit', 'sdk', 'workflow'],
  'apps/cli': ['contract', 'kit', 'sdk'],
  'apps/portal': ['contract', 'kit', 'sdk'],
  'apps/server': ['authz', 'contract', 'db', 'drivers', 'hub', 'instance', 'kit', 'sdk', 'workflow'],
}

const doorsByPackage = new Map<string, string[]>()

/** Imports point one way (docs/architecture), and a package is entered only where its `exports` say. */
export const importDirection: Rule = {
  create(context) {
    const path = pathInProject(context)
    const home = /^(packages|apps)\/[^/]+/.exec(path)?.[0]
    if (home === undefined) return {}
    const listed = allowedImports[home]
    const allowed = new Set(listed)
    allowed.add(home.split('/')[1] ?? '')
    if (isTestFile(path)) allowed.add('testing')
    const isBundled = path.startsWith('apps/portal/src/') && !isTestFile(path)

    return visitImports((specifier, node, typeOnly) => {
      const refuse = (message: string) => context.report({ node, message })

      if (specifier.startsWith('.')) {
        const target = resolveImport(context, specifier)
        if (!target.startsWith(`${home}/`)) refuse(`${home} reaches into ${target} by a relative path; import the package by its name.`)
        return
      }
      const [scope, name, ...deeper] = specifier.split('/')
      if (scope !== '@freehold' || name === undefined) return

      if (listed === undefined) return refuse(`${home} has no place in the import order yet: add it to tools/lint/import-direction.ts.`)
      if (deeper.length > 0 && !isExported(context, name, deeper.join('/'))) {
        return refuse(`'${specifier}' goes past the package's index; import '@freehold/${name}'.`)
      }
      if (!allowed.has(name)) return refuse(`${home} may not import @freehold/${name}: imports point one way.`)
      if (isBundled && name === 'contract' && !typeOnly) {
        refuse(`The portal takes types only from @freehold/contract, or its schemas end up in the bundle: write 'import type'.`)
      }
    })
  },
}

/** Whether a package offers this door itself, under `exports` in its package.json. */
function isExported(context: RuleContext, name: string, door: string): boolean {
  const path = join(findRoot(context), 'packages', name, 'package.json')
  const known = doorsByPackage.get(path) ?? readDoors(path)
  doorsByPackage.set(path, known)
  return known.includes(`./${door}`)
}

function readDoors(path: string): string[] {
  try {
    const doors: unknown = JSON.parse(readFileSync(path, 'utf8')).exports
    return isNode(doors) ? Object.keys(doors) : []
  } catch {
    return []
  }
}
