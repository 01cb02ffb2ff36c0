/** A start that cannot go on. The message is one line for the operator: what is wrong and what to do. Nothing was damaged. */
export class StartupError extends Error {
  override readonly name = 'StartupError'
}
