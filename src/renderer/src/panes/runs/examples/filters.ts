/** Filters of the examples in words. */
import type { ExampleFilter } from '../../../../../shared/domain/examples'
import { formatScore } from '../../../format/number'

export type FilterName = Exclude<keyof ExampleFilter, 'search' | 'judged' | 'other'>

/** What narrows the rows, beside what the bar's own controls show. */
export function chipsOf(filter: ExampleFilter): { name: FilterName; text: string }[] {
  const { label, predicted, confidence, length, slice } = filter
  const texts: [FilterName, string | null][] = [
    ['label', label ? `is ${label}` : null],
    ['predicted', predicted ? `taken for ${predicted}` : null],
    [
      'confidence',
      confidence ? `sure ${formatScore(confidence.from)} to ${formatScore(confidence.to)}` : null,
    ],
    ['length', length ? `${lengthText(length)} long` : null],
    ['slice', slice ? `${slice.column} is ${slice.value === '' ? 'empty' : slice.value}` : null],
  ]
  return texts.flatMap(([name, text]) => (text === null ? [] : [{ name, text }]))
}

function lengthText({ from, to }: { from: number; to: number }): string {
  return from === to ? `${from} tokens` : `${from} to ${to} tokens`
}

export function without(filter: ExampleFilter, name: keyof ExampleFilter): ExampleFilter {
  return { ...filter, [name]: null }
}
