/**
 * Keeps what a run answered to its validation rows: a sealed file an evaluation, named after its step, in one folder
 * that is its own index (a file is there whole or not at all).
 */
import { createHash } from 'node:crypto'
import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { describeError, UserError } from '../../../shared/errors'
import { EXAMPLES_FILE, examplesFile } from '../../data/examples/folder'
import { writeExamples, type KeptRow } from '../../data/examples/writeExamples'
import { DRAFT_ENDING } from '../../data/file/seal'
import { ioError } from '../../engine/checkpoint/ioError'
import { OBJECTIVES } from '../../engine/objectives/registry'
import { answerCount, answersOf, rowCount, rowLength } from '../../engine/train/rows'
import type { AnswerStore, Evaluation } from '../../engine/train/spec'
import type { Kept, Known, LabelledSplit, Problem } from '../problems/problem'
import type { TaskContext } from '../serve'

/** Rows compare by their own loss, runs too: neither smoothed nor weighted by class. */
const PLAIN = { labelSmoothing: 0 }

export interface Judged {
  problem: Problem
  known: Known
  held: LabelledSplit
}

export function answerFiles(
  folder: string,
  judged: Judged,
  { emit, log }: Pick<TaskContext, 'emit' | 'log'>,
): AnswerStore {
  const attempt = async (what: string, work: () => Promise<void>): Promise<void> => {
    try {
      await work()
    } catch (error) {
      const worded = ioError(error, folder)
      const reason = worded instanceof UserError ? describeError(worded) : 'The log has the reason.'
      log('error', `${what}: ${error instanceof Error ? (error.stack ?? '') : String(error)}`)
      emit({ event: 'note', text: `${what}. ${reason}` })
    }
  }
  return {
    open() {
      const recorded = new Recorded(judged)
      return {
        add: (answer, logits) => recorded.add(answer, logits),
        save: (evaluation) =>
          attempt(`The answers of step ${evaluation.step} were not kept`, () =>
            recorded.write(folder, evaluation),
          ),
      }
    },
    retain: (steps) =>
      attempt('Answers of earlier evaluations were not removed', () => retain(folder, steps)),
  }
}

/** The answers of one evaluation while they come. */
class Recorded {
  readonly #rowOf: Int32Array
  readonly #losses: Float64Array
  readonly #kept: Kept[] = []

  constructor(readonly judged: Judged) {
    const { rows } = judged.held
    this.#losses = new Float64Array(answerCount(rows))
    this.#rowOf = new Int32Array(answerCount(rows))
    for (let row = 0; row < rowCount(rows); row++) {
      const { from, to } = answersOf(rows, row)
      this.#rowOf.fill(row, from, to)
    }
  }

  add(answer: number, logits: Float32Array): void {
    const { problem, held, known } = this.judged
    this.#losses[answer] = OBJECTIVES[problem.id].lossOf(logits, held.rows.labels, answer, PLAIN).loss
    this.#kept[answer] = problem.keep(held, this.#rowOf[answer]!, answer, logits, known)
  }

  async write(folder: string, { step, epoch, metrics }: Evaluation): Promise<void> {
    const { problem, known, held } = this.judged
    await writeExamples(examplesFile(folder, step), this.#rows(), {
      step,
      epoch,
      metrics,
      problem: problem.id,
      labels: [...known.labels],
      split: held.split.split,
      rows: rowCount(held.rows),
    })
  }

  *#rows(): Generator<KeptRow> {
    const { problem, held, known } = this.judged
    for (let row = 0; row < rowCount(held.rows); row++) {
      const { from, to } = answersOf(held.rows, row)
      const kept = this.#kept.slice(from, to)
      const scores = kept[0]?.scores
      const answers = kept.flatMap(({ said }) => said)
      const asked = problem.askedText?.(held, row, known) ?? null
      yield {
        ordinal: held.split.ordinals[row]!,
        content: contentOf(
          held,
          row,
          asked,
          problem.referenceRole === null ? answers.map(({ label }) => label) : [],
        ),
        tokens: rowLength(held.rows, row),
        loss: this.#losses.subarray(from, to).reduce((a, b) => a + b, 0) / (to - from),
        asked,
        scores: scores ? Float32Array.from(scores) : null,
        answers,
      }
    }
  }
}

/** Equal for rows with the same question and the same true answer. */
function contentOf({ split }: LabelledSplit, row: number, asked: string | null, hidden: unknown): string {
  const { texts, pairs, tokens, references } = split
  const content = [asked ?? texts[row], pairs?.[row], tokens?.[row], references[row], hidden]
  return createHash('sha256').update(JSON.stringify(content)).digest('hex').slice(0, 16)
}

/** Removes other files of answers, and drafts of a process that died. */
async function retain(folder: string, steps: readonly number[]): Promise<void> {
  for (const name of await readdir(folder).catch(() => [])) {
    const step = EXAMPLES_FILE.exec(name)?.[1]
    const isOld = step !== undefined && !steps.includes(Number(step))
    if (isOld || name.endsWith(DRAFT_ENDING)) await rm(join(folder, name), { force: true, maxRetries: 3 })
  }
}
