/** The `run` task: prepares, trains, compares with the baselines, and tells all of it as events. */
import type { RunEvent } from '../../../shared/domain/run'
import { UserError } from '../../../shared/errors'
import { examplesFolder } from '../../data/examples/folder'
import { answerCount } from '../../engine/train/rows'
import { loadPredictor } from '../../engine/train/predict'
import { trainRun } from '../../engine/train/trainRun'
import { emitBaselines } from '../baselines/baselines'
import { answerFiles } from '../examples/answerFiles'
import { argMax } from '../problems/logits'
import type { RunTask, TaskResults } from '../protocol'
import { prepareRun, type PreparedRun } from '../run/prepare'
import { resumePoint } from '../run/resumePoint'
import type { TaskContext } from '../serve'

type EndEvent = Extract<RunEvent, { event: 'end' }>

/** @throws UserError where data, config or model do not fit, and `diverged` where the loss stops being finite */
export async function runTask(task: RunTask, context: TaskContext): Promise<TaskResults['run']> {
  const resumeFrom = await resumePoint(task, context)
  const prepared = await prepareRun(task, context)
  if (!resumeFrom) for (const text of prepared.data.notes) context.emit({ event: 'note', text })
  const held: EndEvent[] = []
  const spec = { ...prepared.spec, ...(resumeFrom && { resumeFrom }) }
  const { state } = await trainRun(spec, {
    // The last word waits for the baselines.
    emit: (event) => (event.event === 'end' ? void held.push(event) : context.emit(event)),
    signal: context.signal,
    paused: () => context.paused(),
    stopRequested: () => context.stopReason(),
    newScorer: () => prepared.problem.newScorer(prepared.held!.rows, prepared.known),
    ...(prepared.watched && { watched: prepared.watched }),
    ...(prepared.held && {
      answers: answerFiles(examplesFolder(task.runDir), { ...prepared, held: prepared.held }, context),
    }),
  })
  if ((state === 'completed' || state === 'stopped') && !task.isTrial) await compare(prepared, context)
  for (const event of held) context.emit(event)
  return { state }
}

/** A finished run stays finished, whatever becomes of its baselines. */
async function compare(prepared: PreparedRun, context: TaskContext): Promise<void> {
  const { spec, problem, known, train, held } = prepared
  if (held === null) return
  try {
    await emitBaselines(
      {
        problem,
        objective: spec.objective,
        known,
        train,
        held,
        batchSize: spec.config.per_device_eval_batch_size,
      },
      () => finalClasses(prepared),
      (event) => context.emit(event),
      context.signal,
    )
  } catch (error) {
    if (error instanceof UserError && error.code === 'cancelled') return
    context.log(
      'error',
      `the baselines failed: ${error instanceof Error ? (error.stack ?? '') : String(error)}`,
    )
    context.emit({ event: 'note', text: 'The baselines could not be computed; the log has the reason.' })
  }
}

/** What the model as it was written says of the validation rows. */
async function finalClasses({ spec, held }: PreparedRun): Promise<Int32Array> {
  const { num_threads: numThreads } = spec.config
  const { rows } = held!
  const { predictor } = await loadPredictor(
    { kind: 'folder', dir: spec.outputDir },
    { session: numThreads === null ? {} : { numThreads } },
  )
  const classes = new Int32Array(answerCount(rows))
  try {
    await predictor.run(rows, (answer, logits) => (classes[answer] = argMax(logits)))
    return classes
  } finally {
    await predictor.release()
  }
}
