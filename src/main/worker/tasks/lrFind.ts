/** The `lr-find` task: steps of a run whose learning rate grows from tiny to too large; the weights are thrown away. */
import { UserError } from '../../../shared/errors'
import {
  hasDiverged,
  type RangeTest,
  smoothLosses,
  suggestRate,
  sweepRates,
} from '../../../shared/lrRangeTest'
import { Training } from '../../engine/train/training'
import type { LrFindTask } from '../protocol'
import { prepareRun } from '../run/prepare'
import type { TaskContext } from '../serve'

export async function lrFindTask(task: LrFindTask, context: TaskContext): Promise<RangeTest> {
  const { spec } = await prepareRun(task, context)
  const training = await Training.create(spec)
  const rates = sweepRates(task.from, task.to, task.steps)
  const losses: number[] = []
  let stopped: string | null = null
  try {
    for (const rate of rates) {
      const loss = await lossOfStep(training, rate)
      if (loss === null) stopped = 'The loss or a gradient stopped being finite.'
      else losses.push(loss)
      if (loss !== null && hasDiverged(losses)) stopped = 'The loss grew to four times its least.'
      context.progress(losses.length, rates.length, 'steps')
      if (stopped !== null) break
      await context.breathe()
    }
  } finally {
    await training.runner.release()
  }
  const smoothed = smoothLosses(losses)
  const measured = rates.slice(0, losses.length)
  return { rates: measured, losses, smoothed, suggestion: suggestRate(measured, smoothed), stopped }
}

/** `null` where it is not finite. */
async function lossOfStep(training: Training, rate: number): Promise<number | null> {
  try {
    return (await training.step({ learningRate: rate })).loss
  } catch (error) {
    if (error instanceof UserError && error.code === 'diverged') return null
    throw error
  }
}
