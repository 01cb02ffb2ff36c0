import { type Rule, readChain } from './rule.ts'

const mocking = new Set(['mock', 'doMock', 'unmock', 'doUnmock', 'importMock'])

/** Tests run the real modules: a mock proves only that the code calls what the test's author thought it calls. */
export const noModuleMocks: Rule = {
  create(context) {
    return {
      CallExpression(node) {
        const [object, method] = readChain(node['callee'])
        if ((object === 'vi' || object === 'vitest' || object === 'jest') && method !== undefined && mocking.has(method)) {
          context.report({
            node,
            message: `No module mocks (${object}.${method}): test against the real module, or pass the dependency in.`,
          })
        }
      },
    }
  },
}
