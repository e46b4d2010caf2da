/** Studies: what the window and the command line can do with them. */
import { DatasetSource, type ConfigProblem } from '../../shared/domain/runConfig'
import type { ImportanceName, TrialState } from '../../shared/domain/study'
import {
  checkStudyConfig,
  parseStudyConfig,
  trialConfig,
  type StudyConfig,
} from '../../shared/domain/studyConfig'
import type { StudyDetail, StudySummary } from '../../shared/domain/studyDetail'
import { UserError } from '../../shared/errors'
import type { RunFacts } from '../../shared/domain/run'
import type { StudyId } from '../../shared/ids'
import { inTransaction } from '../store/handles'
import { addRequest, takeLease } from '../store/queries/leases'
import { findRun } from '../store/queries/runs'
import {
  deleteStudy,
  findStudiesLike,
  findStudy,
  insertStudy,
  listStudies,
  listTrials,
  resumeStudy,
  type StoredTrial,
  type StudyRow,
} from '../store/queries/studies'
import { decode } from '../store/rows'
import { lossSign, type History } from '../tuner/history'
import { lessons, type Evidence } from '../tuner/lessons'
import type { ServiceContext } from './context'
import type { DatasetsService } from './datasets'
import { newId } from './newId'
import type { RunsService } from './runs'
import { StudyRun, trialOf } from './studyRun'
import { resultOf } from './supervisor'

/** Figures that are counted shares of the validation rows. */
const SHARES: ReadonlySet<string> = new Set(['accuracy'])

export interface StudiesService {
  list(): StudySummary[]
  /** By id, start of an id, or number. */
  find(reference: string): StudySummary
  show(study: StudyId): StudyDetail
  check(config: unknown): { problems: ConfigProblem[]; config: StudyConfig | null }
  importance(study: StudyId, evaluator: ImportanceName): Promise<{ parameter: string; share: number }[]>
  /** Starts a study in this process, on the rows that its dataset has now: a file that changes later changes no trial. */
  start(config: unknown): Promise<StudyId>
  resume(study: StudyId): void
  cancel(study: StudyId): void
  /** The study and its trials; their runs stay. */
  delete(study: StudyId): void
  /** Resolves once a study of this process has ended. */
  ended(study: StudyId): Promise<void>
  /** The run config of a trial, to train again. */
  configOf(study: StudyId, trial: number): Record<string, unknown>
  /** Takes what another process asked of a study of this one. */
  act(study: StudyId): void
  close(): void
  closed(): Promise<void>
}

export function studiesService(
  ctx: ServiceContext,
  datasets: DatasetsService,
  runs: RunsService,
): StudiesService {
  const going = new Map<StudyId, StudyRun>()
  const rowOf = (study: StudyId): StudyRow => findStudy(ctx.db, study) ?? byReference(ctx, study)

  function begin(id: StudyId): void {
    const study = new StudyRun(ctx, runs, id)
    going.set(id, study)
    void study.finished.then(() => going.delete(id))
  }

  return {
    list: () => listStudies(ctx.db).map((row) => summaryOf(row, listTrials(ctx.db, row.id as StudyId))),
    find(reference) {
      const row = byReference(ctx, reference)
      return summaryOf(row, listTrials(ctx.db, row.id as StudyId))
    },
    show(study) {
      const row = rowOf(study)
      const trials = listTrials(ctx.db, row.id as StudyId)
      const config = decode<StudyConfig>(row.config_json)
      return {
        ...summaryOf(row, trials),
        config,
        trialList: trials,
        lessons: lessons(historyOf(row, config, trials), (number) =>
          evidenceOf(
            ctx,
            config,
            trials.find((trial) => trial.number === number)!,
          ),
        ),
      }
    },
    check(raw) {
      const checked = checkStudyConfig(raw)
      return 'config' in checked
        ? { problems: [], config: checked.config }
        : { problems: checked.problems, config: null }
    },
    async importance(study, evaluator) {
      const row = rowOf(study)
      const history = historyOf(
        row,
        decode<StudyConfig>(row.config_json),
        listTrials(ctx.db, row.id as StudyId),
      )
      return resultOf(await ctx.workers.run({ kind: 'importance', evaluator, history }).finished).shares
    },
    async start(raw) {
      const given = parseStudyConfig(raw)
      const { version } = await datasets.resolve(DatasetSource.parse(given.run['dataset']))
      const config = { ...given, run: { ...given.run, dataset: { version: version.id } } }
      const id = newId<StudyId>()
      inTransaction(ctx.db, () => {
        insertStudy(ctx.db, id, config, ctx.now())
        takeLease(ctx.db, 'study', id, ctx.owner, ctx.now())
      })
      begin(id)
      return id
    },
    resume(study) {
      const row = rowOf(study)
      if (row.state === 'running' || row.state === 'completed')
        throw new UserError('conflict', `${row.name} is ${row.state}; there is nothing to resume.`, {
          hint: 'Only cancelled, failed, stopped and interrupted studies can be resumed.',
        })
      inTransaction(ctx.db, () => {
        takeLease(ctx.db, 'study', row.id, ctx.owner, ctx.now())
        resumeStudy(ctx.db, row.id as StudyId, ctx.now())
      })
      begin(row.id as StudyId)
    },
    cancel(study) {
      const row = rowOf(study)
      if (row.state !== 'running') throw new UserError('conflict', `${row.name} is ${row.state}.`)
      const own = going.get(row.id as StudyId)
      if (own) own.cancel()
      else addRequest(ctx.db, 'study', row.id, 'cancel', ctx.now())
    },
    delete(study) {
      const row = rowOf(study)
      if (row.state === 'running')
        throw new UserError('conflict', `${row.name} is running.`, {
          hint: 'Cancel it first, then delete it.',
        })
      deleteStudy(ctx.db, row.id as StudyId)
    },
    ended: async (study) => going.get(rowOf(study).id as StudyId)?.finished,
    configOf(study, number) {
      const row = rowOf(study)
      const trial = listTrials(ctx.db, row.id as StudyId).find((one) => one.number === number)
      if (!trial) throw new UserError('not-found', `${row.name} has no trial ${number}.`)
      return trialConfig(decode<StudyConfig>(row.config_json), trial.params, trial.runs[0]?.seed ?? null)
    },
    act: (study) => going.get(study)?.cancel(),
    close() {
      for (const study of going.values()) study.close()
    },
    async closed() {
      await Promise.all([...going.values()].map((study) => study.finished))
    },
  }
}

function byReference(ctx: ServiceContext, reference: string): StudyRow {
  const [first, second] = findStudiesLike(ctx.db, reference)
  const isNumber = first && /^#?\d+$/.test(reference) && first.number === Number(reference.replace('#', ''))
  if (first && (!second || isNumber)) return first
  throw first
    ? new UserError('bad-input', `More than one study starts with ${reference}.`, {
        hint: 'Give its number.',
      })
    : new UserError('not-found', `There is no study ${reference}.`, {
        hint: 'tunesmith studies list shows them all.',
      })
}

function historyOf(row: StudyRow, config: StudyConfig, trials: readonly StoredTrial[]): History {
  return { name: row.id, space: config.space, direction: config.direction, trials: trials.map(trialOf) }
}

function summaryOf(row: StudyRow, trials: readonly StoredTrial[]): StudySummary {
  const { metric, direction } = decode<StudyConfig>(row.config_json)
  const counts: Record<TrialState, number> = { waiting: 0, running: 0, complete: 0, pruned: 0, fail: 0 }
  let best: StudySummary['best'] = null
  for (const { number, state, value } of trials) {
    counts[state]++
    if (state === 'complete' && value !== null && (!best || lossSign(direction) * (value - best.value) < 0))
      best = { trial: number, value }
  }
  return {
    id: row.id as StudyId,
    number: row.number,
    name: row.name,
    state: row.state,
    reason: row.reason,
    metric,
    direction,
    createdAtMs: row.created_at_ms,
    endedAtMs: row.ended_at_ms,
    trials: counts,
    best,
  }
}

function evidenceOf(ctx: ServiceContext, { metric }: StudyConfig, trial: StoredTrial): Evidence {
  const run = trial.runs[0] && findRun(ctx.db, trial.runs[0].run)
  const facts = run ? decode<RunFacts>(run.facts_json) : null
  return {
    repeats: trial.runs.flatMap(({ value }) => value ?? []),
    rows: SHARES.has(metric) ? (facts?.validation_rows ?? null) : null,
  }
}
