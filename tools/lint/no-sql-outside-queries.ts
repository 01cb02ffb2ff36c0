import { type Node, type Rule, isNode, isTestFile, pathInProject, readArguments, readChain, readMethod, readString } from './rule.ts'

const builders = new Set(['selectFrom', 'insertInto', 'updateTable', 'deleteFrom', 'mergeInto', 'replaceInto'])
const statement = /^\s*(select|insert|update|delete|merge|with|create|alter|drop|truncate|copy|lock|set)\b/i
const message = 'SQL belongs in queries.ts (or a *.saga.ts), where it is read and reviewed together.'

/** In hub and instance, all SQL on a feature's tables stands in its queries files and sagas. */
export const noSqlOutsideQueries: Rule = {
  create(context) {
    const path = pathInProject(context)
    const isHome = /(^|[/-])queries\.ts$/.test(path) || path.endsWith('.saga.ts')
    if (!/^packages\/(hub|instance)\//.test(path) || isHome || isTestFile(path)) return {}
    const refuse = (node: Node) => context.report({ node, message })

    return {
      TaggedTemplateExpression(node) {
        if (readChain(node['tag'])[0] === 'sql') refuse(node)
      },
      CallExpression(node) {
        const method = readMethod(node)
        if (method !== undefined && builders.has(method)) refuse(node)
        else if (readChain(node['callee'])[0] === 'sql' && method !== undefined) refuse(node)
        else if (method === 'query' && statement.test(readText(readArguments(node)[0]))) refuse(node)
      },
    }
  },
}

/** The text of a string or of a template's beginning. */
function readText(node: Node | undefined): string {
  const first = Array.isArray(node?.['quasis']) ? (node['quasis'][0] as unknown) : undefined
  if (isNode(first) && isNode(first['value'])) return String(first['value']['raw'])
  return readString(node) ?? ''
}
