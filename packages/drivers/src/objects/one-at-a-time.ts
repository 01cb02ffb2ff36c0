import { UploadBusy } from './object-errors.ts'

export type OneAtATime = <Result>(name: string, work: () => Promise<Result>) => Promise<Result>

/** Throws UploadBusy where something of that name is under way in this process. */
export function createOneAtATime(): OneAtATime {
  const underWay = new Set<string>()
  return async (name, work) => {
    if (underWay.has(name)) throw new UploadBusy()
    underWay.add(name)
    try {
      return await work()
    } finally {
      underWay.delete(name)
    }
  }
}
