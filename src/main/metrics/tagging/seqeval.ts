/**
 * Entity precision, recall and F1 as seqeval 1.2.2 reports them (zero_division=0): lenient (its default, like conlleval,
 * and what `evaluate` shows) or strict under a scheme. An entity is right when type and both ends are.
 */
import { UserError } from '../../../shared/errors'
import { checkPairs, columnSums, segmentStatistics, type SegmentStatistics } from '../text/segments'
import type { Entity } from './entity'
import { lenientEntities } from './lenient'
import { detectScheme, strictEntities, type TaggingScheme } from './strict'

export interface SeqevalOptions {
  mode?: 'lenient' | 'strict'
  /** For strict mode; detected from the references when it is left out. */
  scheme?: TaggingScheme
}

export interface EntityScores {
  precision: number
  recall: number
  f1: number
  /** Entities in the references. */
  support: number
}

export interface SeqevalReport {
  /** By entity type, sorted. */
  types: Map<string, EntityScores>
  micro: EntityScores
  /** NaN where neither side has an entity, as in the reference. */
  macro: EntityScores
  weighted: EntityScores
  /** Share of tokens whose tag is right. */
  accuracy: number
}

type Sentences = readonly (readonly string[])[]

/** @throws UserError when sentences do not pair up, or a tag is not one of the scheme */
export function seqevalReport(
  references: Sentences,
  predictions: Sentences,
  options: SeqevalOptions = {},
): SeqevalReport {
  const { types, statistics } = seqevalStatistics(references, predictions, options)
  return seqevalFromSums(columnSums(statistics), types)
}

/** What intervals need. Rows of `[tokens, right tokens]` and, for each type, `[predicted, matched, expected]`. */
export interface SeqevalStatistics {
  types: string[]
  statistics: SegmentStatistics
}

export function seqevalStatistics(
  references: Sentences,
  predictions: Sentences,
  options: SeqevalOptions = {},
): SeqevalStatistics {
  checkSentences(references, predictions)
  const entities = entityReader(references, options)
  const rows = references.map((tags, i) => countEntities(entities(tags), entities(predictions[i]!)))
  const types = [...new Set(rows.flatMap((counts) => [...counts.keys()]))].sort()
  const statistics = segmentStatistics(
    rows.map((counts, i) => {
      const tags = references[i]!
      const right = tags.filter((tag, t) => tag === predictions[i]![t]).length
      return [tags.length, right, ...types.flatMap((type) => counts.get(type) ?? [0, 0, 0])]
    }),
  )
  return { types, statistics }
}

function entityReader(references: Sentences, options: SeqevalOptions): (tags: readonly string[]) => Entity[] {
  if (options.mode !== 'strict') return lenientEntities
  const scheme = options.scheme ?? detectScheme(references)
  if (!scheme)
    throw new UserError('bad-input', 'The tags of the references do not tell their scheme.', {
      where: { field: 'scheme' },
      hint: 'Name the scheme: IOB1, IOB2, IOE1, IOE2, IOBES or BILOU.',
    })
  return (tags) => strictEntities(tags, scheme)
}

function checkSentences(references: Sentences, predictions: Sentences): void {
  checkPairs(predictions, references)
  for (const [i, tags] of references.entries()) {
    const where = { row: i + 1 }
    const predicted = predictions[i]!
    if (tags.length !== predicted.length)
      throw new UserError('bad-input', `${predicted.length} tags are predicted for ${tags.length} tokens.`, {
        where,
        hint: 'Give one tag for each token.',
      })
    if (tags.includes('') || predicted.includes(''))
      throw new UserError('bad-input', 'A tag is empty.', { where, hint: 'Tag tokens outside entities O.' })
  }
}

/** `[predicted, matched, expected]` by type; equal spans of a type count once. */
function countEntities(expected: Entity[], predicted: Entity[]): Map<string, [number, number, number]> {
  const counts = new Map<string, [number, number, number]>()
  const of = ({ type }: Entity) => {
    const known = counts.get(type) ?? [0, 0, 0]
    counts.set(type, known)
    return known
  }
  const key = ({ type, start, end }: Entity) => `${start} ${end} ${type}`
  const expectedByKey = new Map(expected.map((entity) => [key(entity), entity]))
  const predictedByKey = new Map(predicted.map((entity) => [key(entity), entity]))
  for (const entity of expectedByKey.values()) of(entity)[2]++
  for (const [name, entity] of predictedByKey) {
    const count = of(entity)
    count[0]++
    if (expectedByKey.has(name)) count[1]++
  }
  return counts
}

/** The report of summed rows of `seqevalStatistics`. */
export function seqevalFromSums(sums: ArrayLike<number>, types: readonly string[]): SeqevalReport {
  const byType = new Map<string, EntityScores>()
  const all: [number, number, number] = [0, 0, 0]
  for (const [t, type] of types.entries()) {
    const at = 2 + 3 * t
    const counts = [sums[at]!, sums[at + 1]!, sums[at + 2]!] as const
    byType.set(type, scores(...counts))
    for (const [i, count] of counts.entries()) all[i]! += count
  }
  const rows = [...byType.values()]
  return {
    types: byType,
    micro: scores(...all),
    macro: average(rows, () => 1, all[2]),
    weighted: all[2] === 0 ? scores(0, 0, 0) : average(rows, (row) => row.support, all[2]),
    accuracy: sums[1]! / sums[0]!,
  }
}

function scores(predicted: number, matched: number, expected: number): EntityScores {
  const precision = predicted > 0 ? matched / predicted : 0
  const recall = expected > 0 ? matched / expected : 0
  const sum = precision + recall
  return { precision, recall, f1: sum > 0 ? (2 * precision * recall) / sum : 0, support: expected }
}

function average(
  rows: readonly EntityScores[],
  weightOf: (row: EntityScores) => number,
  support: number,
): EntityScores {
  const total = rows.reduce((sum, row) => sum + weightOf(row), 0)
  const mean = (field: 'precision' | 'recall' | 'f1') =>
    rows.reduce((sum, row) => sum + weightOf(row) * row[field], 0) / total
  return { precision: mean('precision'), recall: mean('recall'), f1: mean('f1'), support }
}

/** Says which reading of the tags a figure is of: `mode:lenient|version:seqeval-1.2.2`. */
export function seqevalSignature(references: Sentences, { mode, scheme }: SeqevalOptions = {}): string {
  const reading =
    mode === 'strict'
      ? `mode:strict|scheme:${scheme ?? detectScheme(references) ?? 'unknown'}`
      : 'mode:lenient'
  return `${reading}|version:seqeval-1.2.2`
}
