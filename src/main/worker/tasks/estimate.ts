/** The `estimate` task: a run's time, memory and disk from steps that are really done on its own rows. */
import type { Estimate } from '../../../shared/ipc/runs'
import { evalEvery, stepsOf } from '../../../shared/domain/runConfigRules'
import type { RunConfig } from '../../../shared/domain/runConfig'
import { parameterCount } from '../../engine/models/open'
import { rowCount } from '../../engine/train/rows'
import { Training } from '../../engine/train/training'
import type { EstimateTask } from '../protocol'
import { prepareRun } from '../run/prepare'
import type { TaskContext } from '../serve'

/** Steps until one of these is reached; the first builds sessions and is not counted. */
const MOST_STEPS = 12
const MOST_MS = 8_000
/** A forward pass takes about a third of forward and backward. */
const EVALUATION_SHARE = 1 / 3

export async function estimateTask(task: EstimateTask, context: TaskContext): Promise<Estimate> {
  const { spec } = await prepareRun(task, context)
  const training = await Training.create(spec)
  try {
    const { config } = spec
    const steps = training.plan.totalSteps
    const { stepMs, errorMs, perRowMs } = await measureSteps(training, context)
    const evaluations = spec.validation ? evaluationsOf(config, steps, training.plan.stepsPerEpoch) : 0
    const evaluationMs =
      evaluations * (spec.validation ? rowCount(spec.validation) : 0) * perRowMs * EVALUATION_SHARE
    const totalParameters = parameterCount(training.opened.model)
    const stateElements = training.optimizerTensors().reduce((n, { data }) => n + data.length, 0)
    const checkpointBytes = 4 * (totalParameters + stateElements)
    return {
      seconds: (steps * stepMs + evaluationMs) / 1000,
      secondsError: (steps * errorMs + 0.3 * evaluationMs) / 1000,
      peakMemoryBytes: process.resourceUsage().maxRSS * 1024,
      diskBytes:
        checkpointBytes * checkpointsKept(config, steps, training.plan.stepsPerEpoch) + 4 * totalParameters,
      steps,
      stepMs,
      trainableParameters: training.parameters.trainableCount,
      totalParameters,
    }
  } finally {
    await training.runner.release()
  }
}

/** Mean time of a step after the first, and its standard error. */
async function measureSteps(training: Training, context: TaskContext) {
  const times: number[] = []
  let rows = 0
  const most = Math.min(MOST_STEPS, training.plan.totalSteps)
  const startMs = performance.now()
  for (let step = 0; step < most && (times.length < 2 || performance.now() - startMs < MOST_MS); step++) {
    const beforeMs = performance.now()
    const outcome = await training.step()
    if (step > 0 || most === 1) {
      times.push(performance.now() - beforeMs)
      rows += outcome.rows
    }
    context.progress(step + 1, most, 'steps')
    await context.breathe()
  }
  const total = times.reduce((a, b) => a + b, 0)
  const stepMs = total / times.length
  const variance = times.reduce((sum, ms) => sum + (ms - stepMs) ** 2, 0) / Math.max(1, times.length - 1)
  return { stepMs, errorMs: 2 * Math.sqrt(variance / times.length), perRowMs: total / Math.max(1, rows) }
}

function evaluationsOf(config: RunConfig, steps: number, stepsPerEpoch: number): number {
  // Where nobody evaluates, the finished model is evaluated once.
  if (config.eval_strategy === 'no') return 1
  return Math.ceil(
    steps / (config.eval_strategy === 'epoch' ? stepsPerEpoch : stepsOf(evalEvery(config), steps)),
  )
}

function checkpointsKept(config: RunConfig, steps: number, stepsPerEpoch: number): number {
  if (config.save_strategy === 'no') return 1
  const every =
    config.save_strategy === 'steps'
      ? stepsOf(config.save_steps, steps)
      : config.eval_strategy === 'steps' && config.save_strategy === 'best'
        ? stepsOf(evalEvery(config), steps)
        : stepsPerEpoch
  const written = Math.max(1, Math.ceil(steps / every))
  return config.save_total_limit === null ? written : Math.min(written, config.save_total_limit + 1)
}
