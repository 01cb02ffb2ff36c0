import { loadavg } from 'node:os'
import type { LoadResult } from './load.ts'

export type Contender = { name: string; run(ms: number): Promise<LoadResult>; cpu(): number }
export type Measured = {
  name: string
  ratio: number
  low: number
  high: number
  cpuRatio: number
  p99Ratio: number
  perSecond: number
  cpuMicroseconds: number
}

/**
 * Runs contenders in turn for many short rounds, in reversed order every other round, and compares each with the first
 * by the median of its ratios within a round: what else the machine does falls on both. Any wrong answer ends the run.
 */
export async function compare(contenders: Contender[], options: { rounds: number; ms: number; warmMs: number }): Promise<Measured[]> {
  const results = new Map(contenders.map(({ name }) => [name, [] as { perSecond: number; cpu: number; p99: number }[]]))
  for (const contender of contenders) await contender.run(options.warmMs)
  for (let round = 0; round < options.rounds; round++) {
    for (const contender of round % 2 === 0 ? contenders : contenders.toReversed()) {
      const before = contender.cpu()
      const { requests, wrong, seconds, p99Ms } = await contender.run(options.ms)
      if (wrong > 0) throw new Error(`${contender.name} gave ${wrong} wrong answers of ${requests}`)
      results.get(contender.name)!.push({ perSecond: requests / seconds, cpu: (contender.cpu() - before) / requests, p99: p99Ms })
    }
  }
  const base = results.get(contenders[0]!.name)!
  return contenders.map(({ name }) => {
    const own = results.get(name)!
    const ratios = own.map((result, round) => result.perSecond / base[round]!.perSecond)
    return {
      name,
      ratio: quantile(ratios, 0.5),
      low: quantile(ratios, 0.1),
      high: quantile(ratios, 0.9),
      cpuRatio: quantile(
        own.map((result, round) => result.cpu / base[round]!.cpu),
        0.5,
      ),
      p99Ratio: quantile(
        own.map((result, round) => result.p99 / base[round]!.p99),
        0.5,
      ),
      perSecond: quantile(
        own.map((result) => result.perSecond),
        0.5,
      ),
      cpuMicroseconds: quantile(
        own.map((result) => result.cpu),
        0.5,
      ),
    }
  })
}

function quantile(values: number[], share: number): number {
  const sorted = values.toSorted((left, right) => left - right)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN
}

export function printMeasured(title: string, measured: Measured[]): void {
  console.log(`\n${title} (load ${loadavg()[0]!.toFixed(1)})`)
  for (const { name, ratio, low, high, cpuRatio, p99Ratio, perSecond, cpuMicroseconds } of measured) {
    const figures = [
      `${ratio.toFixed(2)} × [${low.toFixed(2)} to ${high.toFixed(2)}]`,
      `CPU ${cpuRatio.toFixed(2)} ×`,
      `p99 ${p99Ratio.toFixed(2)} ×`,
    ]
    console.log(`  ${name.padEnd(34)} ${figures.join('   ')}   ${perSecond.toFixed(0)}/s, ${cpuMicroseconds.toFixed(0)} µs CPU a request`)
  }
}
