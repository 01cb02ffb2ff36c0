import { type Node, type Rule, isNode, isTestFile, pathInProject, readArguments, readChain, readName } from './rule.ts'

const declaring = new Set(['test', 'it', 'describe', 'suite', 'bench'])
const contexts = new Set(['ctx', 'context', 't'])
const leavingOut = new Set(['only', 'skip', 'todo', 'skipIf', 'runIf'])

/** Every test runs, always: one that cannot is mended or removed. */
export const noSkippedTests: Rule = {
  create(context) {
    if (!isTestFile(pathInProject(context))) return {}
    const refuse = (node: Node, word: string) => context.report({ node, message: `No '${word}': every test runs. Mend it or remove it.` })

    return {
      MemberExpression(node) {
        const word = readName(node['property'])
        const [first] = readChain(node['object'])
        if (word === undefined || first === undefined) return
        if (declaring.has(first) && leavingOut.has(word)) refuse(node, `${first}.${word}`)
        if (contexts.has(first) && word === 'skip') refuse(node, `${first}.skip`)
      },
      CallExpression(node) {
        const [first] = readChain(node['callee'])
        if (first === undefined || !declaring.has(first)) return
        for (const option of readArguments(node).flatMap(readPropertyNames)) {
          if (leavingOut.has(option)) refuse(node, option)
        }
      },
    }
  },
}

function readPropertyNames(node: Node): string[] {
  if (node.type !== 'ObjectExpression' || !Array.isArray(node['properties'])) return []
  return node['properties'].flatMap((property: unknown) => (isNode(property) ? (readName(property['key']) ?? []) : []))
}
