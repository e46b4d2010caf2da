/** The `suggest` and `importance` tasks: what of a study takes longer than the main process may be busy. */
import { IMPORTANCES } from '../../tuner/importance/registry'
import { createSampler } from '../../tuner/samplers/registry'
import type { TaskResults } from '../protocol'
import type { TaskOf } from '../serve'

export function suggestTask({
  sampler,
  seed,
  history,
  number,
}: TaskOf<'suggest'>): Promise<TaskResults['suggest']> {
  return Promise.resolve({ params: createSampler(sampler, seed).suggest(history, number) })
}

export function importanceTask({
  evaluator,
  history,
}: TaskOf<'importance'>): Promise<TaskResults['importance']> {
  return Promise.resolve({ shares: IMPORTANCES[evaluator](history) })
}
