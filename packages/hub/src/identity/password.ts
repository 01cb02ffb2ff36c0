import { AppError } from '@freehold/contract'
import { hash, verify } from '@node-rs/argon2'

// Of a random text that nobody kept, made with the library's defaults (argon2id, 19 MiB, two passes) like every other hash.
export const decoyHash = '$argon2id$v=19$m=19456,t=2,p=1$0ZLLe9aMC5nat0Xeo2A4Jw$f5Aheu4WkijoKUSub6Y8ll7Ro4HdZ/KDFn4TKNpVwW0'

/** The argon2id hash of a password, as PHC text. */
export function hashPassword(password: string): Promise<string> {
  return inTurn(() => hash(normalize(password)))
}

/** Whether a password fits a hash. Without a hash it is compared with a decoy: the same work, and the answer is no. */
export async function verifyPassword(storedHash: string | null | undefined, password: string): Promise<boolean> {
  const fits = await inTurn(() => verify(storedHash ?? decoyHash, normalize(password)))
  return fits && storedHash != null
}

// Keyboards differ in how they compose an accented letter.
function normalize(password: string): string {
  return password.normalize('NFKC')
}

// argon2 takes a core and 19 MiB, on the threads that files and names need too, so a flood of guesses gets half of
// those threads and a queue with an end.
const atOnce = 2
const queueLength = 250
let running = 0
const queue: (() => void)[] = []

async function inTurn<R>(work: () => Promise<R>): Promise<R> {
  if (running >= atOnce) {
    if (queue.length >= queueLength)
      throw new AppError('unavailable', 'Too many people are signing in at this moment. Try again in a minute.')
    await new Promise<void>((resolve) => queue.push(resolve))
  } else running++
  try {
    return await work()
  } finally {
    // Whoever waits takes over the turn, so `running` stays.
    const next = queue.shift()
    if (next) next()
    else running--
  }
}
