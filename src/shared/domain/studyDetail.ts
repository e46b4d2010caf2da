/** What the window and the command line show of a study. */
import type { RunId, StudyId } from '../ids'
import type { RunState } from './run'
import type { Params } from './searchSpace'
import type { StudyState, TrialState } from './study'
import type { StudyConfig } from './studyConfig'

export interface TrialRun {
  run: RunId
  seed: number | null
  state: RunState
  value: number | null
}

export interface TrialDetail {
  number: number
  state: TrialState
  params: Params
  value: number | null
  /** Why it was pruned or failed. */
  reason: string | null
  /** Reports: number of the evaluation, value. */
  intermediate: [step: number, value: number][]
  runs: TrialRun[]
  startedAtMs: number
  endedAtMs: number | null
}

export interface StudySummary {
  id: StudyId
  number: number
  name: string
  state: StudyState
  reason: string | null
  metric: string
  direction: StudyConfig['direction']
  createdAtMs: number
  endedAtMs: number | null
  trials: Record<TrialState, number>
  best: { trial: number; value: number } | null
}

export interface StudyDetail extends StudySummary {
  config: StudyConfig
  trialList: TrialDetail[]
  /** What it taught, once there are enough trials: which parameters mattered, what to try next, how sure the best is. */
  lessons: string[]
}
