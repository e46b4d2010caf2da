/** Copies as the steps of a recipe make them, many side by side; what becomes of one depends on it alone. */
import type { RejectReason } from '../../shared/domain/augmentation'
import type { CopyContext, Draft, Made, Prepared } from './augmenter'
import type { CompiledRecipe } from './compile'
import type { TrainingRow } from './corpus'
import { reasonAgainst } from './gates'
import { Draw } from './random'
import { isTagged, textOf, type Sentence } from './text/token'

/** A copy to be made. */
export interface NewCopy {
  source: TrainingRow
  /** 0-based. */
  copy: number
  before: readonly Sentence[]
}

/** A copy that was made, kept or not. */
export interface Copy {
  source: TrainingRow
  /** 1-based: copies of a row. */
  number: number
  before: readonly Sentence[]
  after: readonly Sentence[]
  reason: RejectReason | null
  /** Augmenters that changed it. */
  steps: string[]
}

/** The text of a sentence, or its tokens with their tags. */
export type Written = string | { tokens: string[]; tags: (string | null)[] }

/** What became of a copy, as it is written and as it goes from thread to thread. */
export interface Outcome {
  written: Written[]
  reason: RejectReason | null
  steps: string[]
}

export function outcomeOf({ after, reason, steps }: Copy): Outcome {
  return { written: after.map(writtenOf), reason, steps }
}

function writtenOf(sentence: Sentence): Written {
  if (!isTagged(sentence)) return textOf(sentence)
  return { tokens: sentence.map(({ text }) => text), tags: sentence.map(({ tag }) => tag) }
}

export function writtenText(written: Written): string {
  return typeof written === 'string' ? written : written.tokens.join(' ')
}

export async function makeCopies(compiled: CompiledRecipe, wanted: readonly NewCopy[]): Promise<Copy[]> {
  const copies = wanted.map(({ source, copy, before }): Copy => {
    return { source, number: copy + 1, before, after: before, reason: null, steps: [] }
  })
  for (const { place, augmenter, chance, apply } of compiled.steps) {
    const touched: { made: Copy; context: CopyContext }[] = []
    for (const made of copies) {
      if (made.reason !== null) continue
      const context = contextOf(compiled, made, place)
      if (chance === 1 || context.draw.chance(chance)) touched.push({ made, context })
    }
    const results = await applied(
      apply,
      touched.map(({ made, context }) => {
        const { source, before, after } = made
        return { sentences: after, context, source, before }
      }),
    )
    touched.forEach(({ made }, i) => {
      const after = results[i]!
      if (typeof after === 'string') made.reason = after
      else if (after.some((sentence, at) => sentence !== made.after[at])) {
        made.after = after
        made.steps.push(augmenter)
      }
    })
  }
  for (const made of copies) made.reason ??= reasonAgainst(made.before, made.after, compiled.recipe.gates)
  const left = copies.filter((made) => made.reason === null)
  const reasons = await compiled.gates.judge(left)
  left.forEach((made, i) => (made.reason = reasons[i]!))
  return copies
}

function contextOf({ recipe }: CompiledRecipe, { source, number }: Copy, step: number): CopyContext {
  const key = { seed: recipe.seed, row: source.row, step }
  return {
    draw: new Draw({ ...key, copy: number - 1 }),
    rowDraw: () => new Draw({ ...key, copy: -1 }),
    copy: number - 1,
    copies: recipe.copies,
    row: source.row,
    label: source.label,
  }
}

async function applied(apply: Prepared, drafts: readonly Draft[]): Promise<readonly Made[]> {
  if (typeof apply !== 'function') return drafts.length === 0 ? [] : apply.many(drafts)
  return drafts.map(({ sentences, context }) => {
    const changed: Sentence[] = []
    for (const sentence of sentences) {
      const result = apply(sentence, context)
      if (result === null) return 'not-made'
      changed.push(result)
    }
    return changed
  })
}
