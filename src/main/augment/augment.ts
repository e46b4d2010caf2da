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
import type { RowKind } from './augmenter'
import { compileRecipe, type CompiledRecipe } from './compile'
import { Corpus, sentencesOf, type TrainingRow } from './corpus'
import { Seen } from './gates'
import { makeCopies, type Copy, type NewCopy } from './make'
import type { Models } from './models'
import { planCopies, type Plan } from './plan'
import { diffOf } from './text/diff'
import { textOf } from './text/token'

export interface AugmentSource {
  /** All training rows, each time it is called. */
  train: () => Iterable<TrainingRow>
  /** The texts of validation and test rows. */
  evaluation: () => Iterable<readonly string[]>
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
    models: Models,
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
    const compiled = await compileRecipe(recipe, new Corpus(source.train), kind, models)
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
    let made = 0
    for (const together of chunksOf(this.wanted(sample), this.compiled.atOnce)) {
      for (const copy of await makeCopies(this.compiled, together)) yield this.judged(copy)
      made += together.length
      hooks.onProgress?.(made, this.plan.total)
      await breathe(hooks.signal)
    }
  }

  private *wanted(sample: Sample | null): Generator<NewCopy> {
    const nth = new Map<string | null, number>()
    const stride = sample ? Math.max(1, Math.floor(this.plan.rows / sample.rows)) : 1
    let drawn = 0
    let copied = 0
    for (const row of this.source.train()) {
      const place = nth.get(row.label) ?? 0
      nth.set(row.label, place + 1)
      const count = this.plan.copiesOf(row.label, place)
      if (count === 0) continue
      if (sample && (copied++ + sample.turn) % stride !== 0) continue
      if (sample && drawn++ >= sample.rows) return
      const before = sentencesOf(row, this.compiled.protection)
      for (let copy = 0; copy < (sample ? 1 : count); copy++) yield { source: row, copy, before }
    }
  }

  /** A tally to be fed with the copies. */
  tally(): Tally {
    return new Tally(this.compiled, this.counts, this.rows)
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

function* chunksOf<T>(items: Iterable<T>, size: number): Generator<T[]> {
  let chunk: T[] = []
  for (const item of items) {
    if (chunk.push(item) < size) continue
    yield chunk
    chunk = []
  }
  if (chunk.length > 0) yield chunk
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
