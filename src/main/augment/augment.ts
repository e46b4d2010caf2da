/**
 * Applies a recipe to training rows. A copy depends on its row, its number and the recipe alone; only the comparison
 * of copies with each other follows their order.
 */
import type {
  AugmentReport,
  AugmentedExample,
  ClassCount,
  RejectReason,
} from '../../shared/domain/augmentation'
import { breathe } from '../../shared/breathe'
import type { CopyContext, RowKind } from './augmenter'
import { compileRecipe, type CompiledRecipe } from './compile'
import { Corpus, sentencesOf, type TrainingRow } from './corpus'
import { reasonAgainst, Seen } from './gates'
import { planCopies, type Plan } from './plan'
import { Draw } from './random'
import { diffOf } from './text/diff'
import { textOf, type Sentence } from './text/token'

export interface AugmentSource {
  /** All training rows, each time it is called. */
  train: () => Iterable<TrainingRow>
  /** The texts of validation and test rows. */
  evaluation: () => Iterable<readonly string[]>
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

export interface AugmentHooks {
  onProgress?: (made: number, planned: number) => void
  signal?: AbortSignal
}

/** Some of the rows that get copies, evenly over all of them; another `turn`, other rows. */
export interface Sample {
  rows: number
  turn: number
}

const COPIES_BETWEEN_BREATHS = 256

export class Augmentation {
  private constructor(
    private readonly compiled: CompiledRecipe,
    private readonly source: AugmentSource,
    private readonly plan: Plan,
    private readonly seen: Seen,
    private readonly counts: Map<string | null, number>,
    private readonly rows: number,
  ) {}

  /** Goes through all rows once. @throws UserError where the recipe does not suit them */
  static async prepare(
    recipe: CompiledRecipe['recipe'],
    source: AugmentSource,
    signal?: AbortSignal,
  ): Promise<Augmentation> {
    const seen = new Seen()
    const counts = new Map<string | null, number>()
    let rows = 0
    let kind: RowKind = 'text'
    for (const row of source.train()) {
      if (rows === 0) kind = row.tagged ? 'tagged' : row.pair === null ? 'text' : 'pair'
      seen.addTrain(textsOf(row))
      counts.set(row.label, (counts.get(row.label) ?? 0) + 1)
      if (++rows % COPIES_BETWEEN_BREATHS === 0) await breathe(signal)
    }
    for (const texts of source.evaluation()) seen.addEvaluation(texts)
    const compiled = await compileRecipe(recipe, new Corpus(source.train), kind)
    return new Augmentation(compiled, source, planCopies(recipe, counts), seen, counts, rows)
  }

  get planned(): number {
    return this.plan.total
  }

  /** The classes and the copies planned for each. */
  plannedClasses(): ClassCount[] {
    return classesOf(this.counts, this.plan.ofLabel)
  }

  /** Every copy of the plan, in the order of the rows; of a sample one a row. @throws UserError `cancelled` */
  async *copies(hooks: AugmentHooks = {}, sample: Sample | null = null): AsyncGenerator<Copy> {
    const nth = new Map<string | null, number>()
    const stride = sample ? Math.max(1, Math.floor(this.plan.rows / sample.rows)) : 1
    let made = 0
    let copied = 0
    for (const row of this.source.train()) {
      const place = nth.get(row.label) ?? 0
      nth.set(row.label, place + 1)
      const count = this.plan.copiesOf(row.label, place)
      if (count === 0) continue
      if (sample && (copied++ + sample.turn) % stride !== 0) continue
      if (sample && made >= sample.rows) break
      const before = sentencesOf(row, this.compiled.protection)
      for (let copy = 0; copy < (sample ? 1 : count); copy++) {
        yield this.judged(this.make(row, before, copy))
        if (++made % COPIES_BETWEEN_BREATHS !== 0) continue
        hooks.onProgress?.(made, this.plan.total)
        await breathe(hooks.signal)
      }
    }
    hooks.onProgress?.(made, this.plan.total)
  }

  /** A tally to be fed with the copies. */
  tally(): Tally {
    return new Tally(this.compiled, this.counts, this.rows)
  }

  private make(source: TrainingRow, before: readonly Sentence[], copy: number): Copy {
    const { recipe, steps } = this.compiled
    let after = before
    const changedBy: string[] = []
    const made = { source, number: copy + 1, before, steps: changedBy }
    for (const { place, augmenter, chance, apply } of steps) {
      const draw = new Draw({ seed: recipe.seed, row: source.row, copy, step: place })
      if (chance < 1 && !draw.chance(chance)) continue
      const context: CopyContext = {
        draw,
        rowDraw: () => new Draw({ seed: recipe.seed, row: source.row, copy: -1, step: place }),
        copy,
        copies: recipe.copies,
        row: source.row,
        label: source.label,
      }
      const changed: Sentence[] = []
      for (const sentence of after) {
        const result = apply(sentence, context)
        if (result === null) return { ...made, after, reason: 'not-made' }
        changed.push(result)
      }
      if (changed.some((sentence, i) => sentence !== after[i])) changedBy.push(augmenter)
      after = changed
    }
    return { ...made, after, reason: reasonAgainst(before, after, recipe.gates) }
  }

  private judged(copy: Copy): Copy {
    if (copy.reason !== null) return copy
    return { ...copy, reason: this.seen.judge(copy.after.map(textOf)) }
  }
}

/** What became of the copies. */
class Tally {
  private made = 0
  private kept = 0
  private readonly rejected: Partial<Record<RejectReason, number>> = {}
  private readonly added = new Map<string | null, number>()
  private readonly changed = new Map<string, number>()
  private readonly startedMs = performance.now()

  constructor(
    private readonly compiled: CompiledRecipe,
    private readonly counts: ReadonlyMap<string | null, number>,
    private readonly rows: number,
  ) {}

  add({ reason, source, steps }: Copy): void {
    this.made++
    for (const step of steps) this.changed.set(step, (this.changed.get(step) ?? 0) + 1)
    if (reason !== null) {
      this.rejected[reason] = (this.rejected[reason] ?? 0) + 1
      return
    }
    this.kept++
    this.added.set(source.label, (this.added.get(source.label) ?? 0) + 1)
  }

  report(): AugmentReport {
    return {
      rows: this.rows,
      made: this.made,
      kept: this.kept,
      rejected: { ...this.rejected },
      classes: classesOf(this.counts, this.added),
      steps: this.compiled.steps.map(({ augmenter }) => ({
        augmenter,
        changed: this.changed.get(augmenter) ?? 0,
      })),
      seconds: (performance.now() - this.startedMs) / 1000,
    }
  }
}

/** By the labels' names. */
function classesOf(
  counts: ReadonlyMap<string | null, number>,
  added: ReadonlyMap<string | null, number>,
): ClassCount[] {
  return [...counts]
    .map(([label, before]) => ({ label, before, added: added.get(label) ?? 0 }))
    .sort((a, b) => (a.label ?? '').localeCompare(b.label ?? ''))
}

function textsOf(row: TrainingRow): string[] {
  return row.pair === null ? [row.text] : [row.text, row.pair]
}

/** A copy as a person looks at it. */
export function exampleOf({ source, number, before, after, reason, steps }: Copy): AugmentedExample {
  const diff = before.flatMap((sentence, i) => [
    ...(i > 0 ? [{ kind: 'same' as const, text: ' ⏐ ' }] : []),
    ...diffOf(sentence, after[i]!),
  ])
  return { row: source.row, copy: number, label: source.label, diff, reason, steps }
}
