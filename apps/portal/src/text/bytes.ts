const shortNames = ['B', 'KiB', 'MiB', 'GiB', 'TiB'] as const
const precise = new Intl.NumberFormat(undefined, { maximumFractionDigits: 1 })
const whole = new Intl.NumberFormat()

/** `812 B`, `1.5 KiB`, `16 MiB`: in powers of 1024. */
export function formatBytes(bytes: number): string {
  const power = bytes < 1024 ? 0 : Math.min(shortNames.length - 1, Math.floor(Math.log2(bytes) / 10))
  return `${precise.format(bytes / 1024 ** power)} ${shortNames[power]}`
}

/** `1,572,864 bytes`. */
export const formatExactBytes = (bytes: number): string => `${whole.format(bytes)} ${bytes === 1 ? 'byte' : 'bytes'}`
