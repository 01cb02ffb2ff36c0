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
export { resealTotp } from './reseal-totp.ts'
export { countByRoot as countTotpByRoot } from './queries.ts'
export { matchStep, newTotpSecret } from './totp-secret.ts'
