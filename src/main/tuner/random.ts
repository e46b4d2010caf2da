/**
 * Random numbers of a study. A stream is a pure function of (seed, trial, purpose), so that a study that was killed
 * draws for its next trial what it would have drawn. 32-bit integer hash after C. Wellons' lowbias32.
 */
export type Random = () => number

export function randomStream(...key: readonly number[]): Random {
  let start = 0x9e3779b9
  for (const part of key) start = mix((start + (part >>> 0)) | 0)
  let index = 0
  const next = () => mix((mix(index++) ^ start) | 0)
  return () => ((next() >>> 5) * 2 ** 26 + (next() >>> 6)) / 2 ** 53
}

function mix(bits: number): number {
  let x = bits
  x = Math.imul(x ^ (x >>> 16), 0x21f0aaad)
  x = Math.imul(x ^ (x >>> 15), 0x735a2d97)
  return (x ^ (x >>> 15)) >>> 0
}

export function shuffled<T>(items: readonly T[], random: Random): T[] {
  const result = [...items]
  for (let i = result.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1))
    ;[result[i], result[j]] = [result[j]!, result[i]!]
  }
  return result
}
