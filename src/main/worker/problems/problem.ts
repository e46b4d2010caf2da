/**
 * What the worker knows of a task: how the cells of its columns are read, which answers are asked of rows, how labels
 * become what the engine trains on, and how logits become predictions, metrics and baselines. One file a problem.
 */
import type { CellValue } from '../../../shared/domain/dataset'
import type { KeptAnswer } from '../../../shared/domain/examples'
import type { AskedRow, Prediction, Reference } from '../../../shared/domain/run'
import type { RunConfig } from '../../../shared/domain/runConfig'
import type { Problem as ProblemId } from '../../../shared/domain/tasks'
import type { EncodedRows } from '../../engine/tokenize/encodeRows'
import type { Tokenizer } from '../../engine/tokenize/tokenizer'
import type { AskedRows, LabelledRows } from '../../engine/train/rows'
import type { Scorer } from '../../engine/train/spec'
import type { Roles, SplitRows } from '../run/dataset'

export type ProblemSettings = Pick<RunConfig, 'label_delimiter' | 'mlm_probability' | 'whole_word' | 'seed'>

export interface CellPlace {
  file: string
  row: number
  field: string
}

/** What answers are made of. */
export interface Known {
  /** In id order. */
  labels: readonly string[]
  tokenizer: Tokenizer
  settings: ProblemSettings
}

export interface Labelled {
  rows: LabelledRows
  /** Where training rows differ from epoch to epoch. */
  ofEpoch?: (epoch: number) => LabelledRows
}

/** A trivial answerer: its logits for an answer of the held-out rows. */
export interface Baseline {
  name: string
  logitsOf(answer: number): Float32Array
}

/** What is kept of an answer, to be looked at later. */
export interface Kept {
  said: KeptAnswer[]
  /** Probability of each label, where labels are few. */
  scores?: ArrayLike<number>
}

export interface Problem {
  readonly id: ProblemId
  /** Whether a row has one class, which is right or wrong: what can be compared row by row. */
  readonly hasOneClass: boolean
  /** The column with the true answers; `null` where the text itself has them. */
  readonly referenceRole: 'label' | 'tags' | null
  /** Whether rows are encoded with the word of each token. */
  needsWords(settings: ProblemSettings): boolean
  /** The true answer in a cell; `null` where there is none. @throws UserError `bad-input` naming the row */
  readReference(cell: CellValue, place: CellPlace, settings: ProblemSettings): Reference | null
  /**
   * Labels in id order; `config`: the model's own, whose mapping is kept.
   * @throws UserError `bad-input` where the training rows teach nothing
   */
  labelsOf(config: Readonly<Record<string, unknown>>, train: SplitRows, roles: Roles): string[]
  /** The answers wanted of rows that may have no true ones. @throws UserError naming a row that asks nothing */
  ask(encoded: EncodedRows, known: Known): AskedRows
  /** @throws UserError `bad-input` naming the first row whose answer does not fit */
  label(encoded: EncodedRows, split: SplitRows, roles: Roles, known: Known): Labelled
  /** Judges answers to labelled rows. */
  newScorer(rows: LabelledRows, known: Known): Scorer
  /** What the logits of one answer to a row of the split say. */
  keep(held: LabelledSplit, row: number, answer: number, logits: Float32Array, known: Known): Kept
  /** The row's text as it was asked, where that is not what the dataset holds. */
  askedText?(held: LabelledSplit, row: number, known: Known): string
  /** Logits [answers,C] in words; `inputs`, `encoded` and `asked` hold the same rows. */
  describe(
    inputs: readonly AskedRow[],
    encoded: EncodedRows,
    asked: AskedRows,
    logits: Float32Array,
    known: Known,
  ): Prediction[]
  baselines(train: LabelledSplit, held: LabelledSplit, known: Known): Baseline[]
}

/** A split with everything that was made of it. */
export interface LabelledSplit extends Labelled {
  split: SplitRows
  encoded: EncodedRows
}

/** One answer a row. */
export function askEachRow({ ids, offsets, typeIds }: EncodedRows): AskedRows {
  return { ids, offsets, typeIds, places: null }
}
