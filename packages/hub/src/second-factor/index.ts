export {
  enableTotp,
  hasTotp,
  judgeCode,
  readSecondFactor,
  removeTotp,
  replaceRecoveryCodes,
  type RightCode,
  spendCode,
} from './second-factor.ts'
export { matchStep, newTotpSecret } from './totp-secret.ts'
