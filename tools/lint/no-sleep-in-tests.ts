import {
  type Node,
  type Rule,
  isNode,
  isTestFile,
  pathInProject,
  readArguments,
  readChain,
  readMethod,
  readName,
  readString,
} from './rule.ts'

const message = 'No sleeps in tests: wait for the condition (expect.poll, vi.waitFor) or move the clock.'
const sleepNames = new Set(['sleep', 'delay', 'pause'])

/** A sleep is too short on a slow machine and too long on a fast one. */
export const noSleepInTests: Rule = {
  create(context) {
    if (!isTestFile(pathInProject(context))) return {}
    const refuse = (node: Node) => context.report({ node, message })

    return {
      ImportDeclaration(node) {
        if (/^(node:)?timers\/promises$/.test(readString(node['source']) ?? '')) refuse(node)
      },
      CallExpression(node) {
        if (readMethod(node) === 'waitForTimeout') refuse(node)
        if (
          node['callee'] &&
          isNode(node['callee']) &&
          node['callee'].type === 'Identifier' &&
          sleepNames.has(readName(node['callee']) ?? '')
        )
          refuse(node)
        if (readChain(node['callee']).join('.') === 'Atomics.wait') refuse(node)
        if (readName(node['callee']) === 'setTimeout' && isResolver(readArguments(node)[0], enclosingPromise(node))) refuse(node)
      },
    }
  },
}

/** The function given to the `new Promise(…)` around a node, if there is one. */
function enclosingPromise(node: Node): Node | undefined {
  for (let inner = node, outer = node.parent; outer; inner = outer, outer = outer.parent) {
    if (outer.type === 'NewExpression' && readName(outer['callee']) === 'Promise') return inner
  }
  return undefined
}

/** Whether what a timer calls only resolves that promise: `resolve`, or `() => resolve(…)`. */
function isResolver(called: Node | undefined, executor: Node | undefined): boolean {
  const parameters = executor?.['params']
  const resolver = Array.isArray(parameters) ? readName(parameters[0]) : undefined
  if (called === undefined || resolver === undefined) return false
  if (readName(called) === resolver) return true

  let body = called['body']
  if (isNode(body) && body.type === 'BlockStatement' && Array.isArray(body['body'])) body = body['body'][0]
  if (isNode(body) && body.type === 'ExpressionStatement') body = body['expression']
  return isNode(body) && body.type === 'CallExpression' && readName(body['callee']) === resolver
}
