import { type Rule, pathInProject, resolveImport, visitImports } from './rule.ts'

const featurePath = /^(packages\/(?:hub|instance)\/src)\/([^/]+)\//

/** A feature folder of hub or instance is entered by its index.ts. */
export const featureIndex: Rule = {
  create(context) {
    const path = pathInProject(context)
    if (!/^packages\/(hub|instance)\/src\//.test(path)) return {}
    const ownFeature = featurePath.exec(path)?.[0]

    return visitImports((specifier, node) => {
      if (!specifier.startsWith('.')) return
      const target = resolveImport(context, specifier)
      const feature = featurePath.exec(`${target}/`)?.[0]
      if (feature === undefined || feature === `${target}/` || feature === ownFeature || target === `${feature}index.ts`) return
      context.report({ node, message: `${target} is inside another feature; import ${feature}index.ts.` })
    })
  },
}
