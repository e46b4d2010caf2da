import { z } from 'zod'
import type { ConfigProblem } from '../domain/runConfig'
import { IMPORTANCE_EVALUATORS } from '../domain/study'
import type { StudyConfig } from '../domain/studyConfig'
import type { StudyDetail, StudySummary } from '../domain/studyDetail'
import { StudyId } from '../ids'
import { call, event } from './define'

const StudyRef = z.strictObject({ study: StudyId })
const RawConfig = z.record(z.string(), z.unknown())

export const studies = {
  list: call(z.strictObject({})).returns<StudySummary[]>(),
  show: call(StudyRef).returns<StudyDetail>(),
  check: call(z.strictObject({ config: RawConfig })).returns<{
    problems: ConfigProblem[]
    config: StudyConfig | null
  }>(),
  importance: call(z.strictObject({ study: StudyId, evaluator: z.enum(IMPORTANCE_EVALUATORS) })).returns<
    { parameter: string; share: number }[]
  >(),
  start: call(z.strictObject({ config: RawConfig })).returns<StudyId>(),
  resume: call(StudyRef).returns<null>(),
  cancel: call(StudyRef).returns<null>(),
  delete: call(StudyRef).returns<null>(),
  /** The run config of a trial, to train again with. */
  configOf: call(z.strictObject({ study: StudyId, trial: z.int().min(0) })).returns<
    Record<string, unknown>
  >(),
  /** Anything about a study or its trials; also for studies of the command line. */
  onChanged: event<{ study: StudyId }>(),
}
