/** The `run` task: prepares, trains, compares with the baselines, and tells all of it as events. */
import type { RunEvent } from '../../../shared/domain/run'
import { UserError } from '../../../shared/errors'
import type { LabelledRows } from '../../engine/train/rows'
import { loadPredictor } from '../../engine/train/predict'
import type { TrainSpec } from '../../engine/train/spec'
import { trainRun } from '../../engine/train/trainRun'
import { emitBaselines } from '../baselines/baselines'
import type { RunTask, TaskResults } from '../protocol'
import { classificationMetrics, predictedClasses } from '../run/metrics'
import { prepareRun, type PreparedRun } from '../run/prepare'
import type { TaskContext } from '../serve'

type EndEvent = Extract<RunEvent, { event: 'end' }>

/** @throws UserError where data, config or model do not fit, and `diverged` where the loss stops being finite */
export async function runTask(task: RunTask, context: TaskContext): Promise<TaskResults['run']> {
  const prepared = await prepareRun(task, context)
  if (task.resumeFrom === null) for (const text of prepared.data.notes) context.emit({ event: 'note', text })
  const held: EndEvent[] = []
  const { state } = await trainRun(prepared.spec, {
    // The last word waits for the baselines.
    emit: (event) => (event.event === 'end' ? void held.push(event) : context.emit(event)),
    signal: context.signal,
    paused: () => context.paused(),
    computeMetrics: classificationMetrics,
    ...(prepared.watched && { watched: prepared.watched }),
  })
  if (state === 'completed' || state === 'stopped') await compare(prepared, context)
  for (const event of held) context.emit(event)
  return { state }
}

/** A finished run stays finished, whatever becomes of its baselines. */
async function compare({ spec, data }: PreparedRun, context: TaskContext): Promise<void> {
  if (spec.validation === null) return
  try {
    await emitBaselines(
      {
        train: data.train,
        trainLabels: spec.train.labels,
        validation: data.validation,
        validationLabels: spec.validation.labels,
        classes: spec.labels.length,
        predicted: await finalPredictions(spec, spec.validation),
      },
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
async function finalPredictions(spec: TrainSpec, validation: LabelledRows): Promise<Int32Array> {
  const { num_threads: numThreads } = spec.config
  const { predictor } = await loadPredictor(
    { kind: 'folder', dir: spec.outputDir },
    { session: numThreads === null ? {} : { numThreads } },
  )
  try {
    return predictedClasses(await predictor.logits(validation), spec.labels.length)
  } finally {
    await predictor.release()
  }
}
