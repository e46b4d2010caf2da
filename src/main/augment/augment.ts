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
import { invariant } from '../../shared/errors'
import type { RowKind } from './augmenter'
import { compileRecipe, type CompiledRecipe } from './compile'
import { Corpus, sentencesOf, type TrainingRow } from './corpus'
import { Seen } from './gates'
import { makeCopies, outcomeOf, writtenText, type Copy, type NewCopy, type Outcome } from './make'
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
  /** Copies of each of them, at most. */
  each: number
  turn: number
}

/** Every `of`-th handful of copies, from the `index`-th on. */
export interface Share {
  index: number
  of: number
}
export const WHOLE: Share = { index: 0, of: 1 }

/** A copy of a row: 0-based number. */
interface Wanted {
  source: TrainingRow
  copy: number
}

export type MadeCopy = Wanted & Outcome

const COPIES_BETWEEN_BREATHS = 256

export class Augmentation {
  private constructor(
    private readonly compiled: CompiledRecipe,
    private readonly source: AugmentSource,
    private readonly plan: Plan,
    private readonly seen: Seen,
    private readonly counts: Map<string | null, number>,
    private readonly rows: number,
    private readonly asked: { readonly models: boolean },
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
    const asked = { models: false }
    const watched = new Proxy(models, {
      get(target, name, receiver) {
        asked.models = true
        return Reflect.get(target, name, receiver) as unknown
      },
    })
    const compiled = await compileRecipe(recipe, new Corpus(source.train), kind, watched)
    return new Augmentation(compiled, source, planCopies(recipe, counts), seen, counts, rows, asked)
  }

  get total(): number {
    return this.plan.total
  }

  /** Whether it asks models, which one thread alone holds. */
  get asksModels(): boolean {
    return this.asked.models
  }

  /** The classes and the copies planned for each. */
  plannedClasses(): ClassCount[] {
    return classesOf(this.counts, this.plan.ofLabel)
  }

  /** Copies of a sample, compared with each other in their order. @throws UserError `cancelled` */
  async *sample(sample: Sample, signal?: AbortSignal): AsyncGenerator<Copy> {
    for (const together of chunksOf(this.sampled(sample), this.compiled.atOnce)) {
      for (const copy of await makeCopies(this.compiled, this.parsed(together))) {
        const reason = copy.reason ?? this.seen.judge(copy.after.map(textOf))
        yield { ...copy, reason }
      }
      await breathe(signal)
    }
  }

  /** A share of all copies, some at a time, each for itself. @throws UserError `cancelled` */
  async *outcomes(share: Share = WHOLE, signal?: AbortSignal): AsyncGenerator<Outcome[]> {
    let chunk = 0
    for (const together of chunksOf(this.all(), this.compiled.atOnce)) {
      if (chunk++ % share.of !== share.index) continue
      yield (await makeCopies(this.compiled, this.parsed(together))).map(outcomeOf)
      await breathe(signal)
    }
  }

  /**
   * Every copy of the plan, in the order of the rows, compared with each other.
   * @param outcomes of all of them in that order, where others made them. @throws UserError `cancelled`
   */
  async *copies(
    { signal, onProgress }: AugmentHooks = {},
    outcomes: AsyncIterable<Outcome[]> = this.outcomes(WHOLE, signal),
  ): AsyncGenerator<MadeCopy> {
    const wanted = this.all()
    let made = 0
    try {
      for await (const together of outcomes) {
        for (const outcome of together) {
          const next = wanted.next()
          invariant(!next.done, 'there are as many outcomes as copies planned')
          const reason = outcome.reason ?? this.seen.judge(outcome.written.map(writtenText))
          yield { ...next.value, ...outcome, reason }
        }
        made += together.length
        onProgress?.(made, this.plan.total)
        await breathe(signal)
      }
    } finally {
      // Ends the reading of the rows.
      wanted.return(undefined)
    }
  }

  private *all(): Generator<Wanted> {
    for (const { source, count } of this.planned()) {
      for (let copy = 0; copy < count; copy++) yield { source, copy }
    }
  }

  private *sampled({ rows, turn, each }: Sample): Generator<Wanted> {
    const stride = Math.max(1, Math.floor(this.plan.rows / rows))
    let [passed, drawn] = [0, 0]
    for (const { source, count } of this.planned()) {
      if ((passed++ + turn) % stride !== 0) continue
      if (drawn++ >= rows) return
      for (let copy = 0; copy < Math.min(count, each); copy++) yield { source, copy }
    }
  }

  /** The rows that get copies. */
  private *planned(): Generator<{ source: TrainingRow; count: number }> {
    const nth = new Map<string | null, number>()
    for (const source of this.source.train()) {
      const place = nth.get(source.label) ?? 0
      nth.set(source.label, place + 1)
      const count = this.plan.copiesOf(source.label, place)
      if (count > 0) yield { source, count }
    }
  }

  /** Copies of one row share its sentences. */
  private parsed(wanted: readonly Wanted[]): NewCopy[] {
    let last: NewCopy | null = null
    return wanted.map(({ source, copy }) => {
      const before: NewCopy['before'] =
        last?.source === source ? last.before : sentencesOf(source, this.compiled.protection)
      return (last = { source, copy, before })
    })
  }

  /** A tally to be fed with the copies. */
  tally(): Tally {
    return new Tally(this.compiled, this.counts, this.rows)
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

  add({ reason, source, steps }: Pick<MadeCopy, 'reason' | 'source' | 'steps'>): void {
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
