/** From a checked config to what a run needs: dataset, roles of its columns, starting model. Nothing is stored here. */
import {
  checkRunConfig,
  parseRunConfig,
  type ConfigProblem,
  type RunConfig,
} from '../../shared/domain/runConfig'
import { UserError } from '../../shared/errors'
import type { FoundVersion } from '../store/queries/datasets'
import { findProfile } from '../store/queries/datasets'
import type { ServiceContext } from './context'
import { completeSubject, datasetProblems } from './datasetRoles'
import type { DatasetsService } from './datasets'
import { startingModel, type FoundModel } from './modelReference'
import { resultOf } from './supervisor'

export interface PreparedRun {
  /** Complete: roles of columns and what the labels are written out. */
  config: RunConfig
  dataset: FoundVersion
  /** Where the weights come from; null for random ones. */
  model: FoundModel | null
}

/** Imports the data where that was not done. @throws UserError for the first thing that is wrong */
export async function prepareRun(
  ctx: ServiceContext,
  datasets: DatasetsService,
  raw: Record<string, unknown>,
): Promise<PreparedRun> {
  const parsed = parseRunConfig(raw)
  const model = startingModel(ctx, parsed.model)
  // Its config and the header of its weights are read now: a damaged file is refused before there is a run.
  if (model) resultOf(await ctx.workers.run({ kind: 'inspect', modelDir: model.directory }).finished)
  const dataset = await datasets.resolve(parsed.dataset)
  const profile = findProfile(ctx.db, dataset.version.id)
  const [first] = profile ? datasetProblems(parsed, dataset.version, profile) : []
  if (first) throw UserError.from(first)
  return { config: profile ? completeSubject(parsed, profile.columns) : parsed, dataset, model }
}

/** All problems that can be told without importing or starting anything; quick enough for each keystroke. */
export function checkRun(
  ctx: ServiceContext,
  datasets: DatasetsService,
  raw: Record<string, unknown>,
): { problems: ConfigProblem[]; config: RunConfig | null } {
  const checked = checkRunConfig(raw)
  if ('problems' in checked) return { problems: checked.problems, config: null }
  const { config } = checked
  const problems: ConfigProblem[] = []
  const attempt = (field: string, look: () => ConfigProblem[]) => {
    try {
      problems.push(...look())
    } catch (error) {
      if (!(error instanceof UserError)) throw error
      problems.push({ ...error.toData(), where: { ...error.where, field } })
    }
  }
  attempt('dataset', () => {
    const known = datasets.known(config.dataset)
    const profile = known && findProfile(ctx.db, known.version.id)
    return known && profile ? datasetProblems(config, known.version, profile) : []
  })
  attempt('model', () => {
    startingModel(ctx, config.model)
    return []
  })
  return { problems, config: problems.length > 0 ? null : config }
}
