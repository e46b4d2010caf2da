/** The batch shapes of a run: chosen once, a pure function of its rows and settings, so that a resumed run has the same. */
import { type Shape, trainingShapes } from './microBatches'
import { epochOrder, type OrderSettings, rowCount, rowLength, type TokenRows } from './rows'
import { placeOfStep, planSteps, type StepSettings } from './steps'

/** Steps whose batches are looked at. */
const SAMPLED_STEPS = 64

export function shapesOfRun(
  rows: TokenRows,
  settings: StepSettings & OrderSettings,
  maxLength: number,
): Shape[] {
  const plan = planSteps(rowCount(rows), settings)
  const order = epochOrder(rowCount(rows), 0, settings)
  const batches = Array.from({ length: Math.min(SAMPLED_STEPS, plan.stepsPerEpoch) }, (_, step) => {
    const { from, to } = placeOfStep(step, rowCount(rows), plan, settings)
    return Array.from(order.subarray(from, to), (row) => rowLength(rows, row))
  })
  let longest = 1
  for (let row = 0; row < rowCount(rows); row++) longest = Math.max(longest, rowLength(rows, row))
  return trainingShapes(batches, longest, maxLength)
}
