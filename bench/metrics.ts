/** BLEU and ROUGE on as many pairs as a test set has: what a person waits for after each evaluation. */
import { performance } from 'node:perf_hooks'
import { RandomStream } from '../src/main/engine/random/stream'
import { findMetric } from '../src/main/metrics/registry'

const PAIRS = 3000
const WORDS_A_TEXT = 20
const VOCABULARY = 5000
/** Share of words that differ between a text and its reference. */
const CHANGED = 0.4

export interface MetricsResult {
  pairs: number
  rounds: number
  /** Of the fastest round. */
  bleuMs: number
  /** ROUGE-1, -2, -L and -Lsum with Porter stems. */
  rougeMs: number
  /** The fastest round of both. */
  totalMs: number
}

export function measureMetrics(rounds: number): MetricsResult {
  const input = madePairs()
  const [bleu, rouge] = [findMetric('bleu'), findMetric('rouge')]
  const times = Array.from({ length: rounds }, () => {
    const started = performance.now()
    bleu.compute(input, bleu.params.parse({}))
    const between = performance.now()
    rouge.compute(input, rouge.params.parse({ use_stemmer: true }))
    return { bleuMs: between - started, rougeMs: performance.now() - between }
  })
  const least = (values: number[]) => Math.min(...values)
  return {
    pairs: PAIRS,
    rounds,
    bleuMs: least(times.map(({ bleuMs }) => bleuMs)),
    rougeMs: least(times.map(({ rougeMs }) => rougeMs)),
    totalMs: least(times.map(({ bleuMs, rougeMs }) => bleuMs + rougeMs)),
  }
}

/** Words of syllables, common ones oftener, so that stems repeat as they do in language. */
function madePairs(): { predictions: string[]; references: string[] } {
  const random = new RandomStream(1)
  const pick = <T>(items: readonly T[]): T => items[random.below(items.length)]!
  const syllables = [
    'ta',
    'ren',
    'ing',
    'or',
    'mi',
    'sel',
    'ed',
    'ation',
    'ly',
    'pa',
    'cu',
    'ness',
    'er',
    'di',
  ]
  const words = Array.from({ length: VOCABULARY }, () => pick(syllables) + pick(syllables) + pick(syllables))
  const word = () => words[Math.floor(VOCABULARY * random.uniform() ** 3)]!
  const references = Array.from({ length: PAIRS }, () => Array.from({ length: WORDS_A_TEXT }, word))
  const predictions = references.map((text) =>
    text.map((own) => (random.uniform() < CHANGED ? word() : own)).join(' '),
  )
  return { predictions, references: references.map((text) => `${text.join(' ')}.`) }
}
