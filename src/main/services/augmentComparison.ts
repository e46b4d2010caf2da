/** Does a recipe help? Trains with and without its copies by each seed, in a folder that is thrown away. */
import { mkdirSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { AugmentRecipe } from '../../shared/domain/augmentation'
import type { AugmentComparison, ComparisonSettings, SeedPair } from '../../shared/domain/augmentComparison'
import { HEADLINES } from '../../shared/domain/metricNames'
import type { EvalMetrics } from '../../shared/domain/run'
import type { RunConfig } from '../../shared/domain/runConfig'
import { DEFAULT_STARTER } from '../../shared/domain/starters'
import { guessTask, problemOf } from '../../shared/domain/tasks'
import { cancelled, invariant, UserError } from '../../shared/errors'
import type { DatasetVersionId, RunId } from '../../shared/ids'
import { pairedT } from '../metrics/significance/pairedT'
import { findProfile, type FoundVersion } from '../store/queries/datasets'
import { requireCopies } from './augmentReport'
import type { ServiceContext } from './context'
import { assertFree } from './diskSpace'
import type { DatasetsService } from './datasets'
import type { JobHandle } from './jobs'
import { newId } from './newId'
import { recommend } from './recommend'
import { prepareRun, type PreparedRun } from './runPreparation'
import { smallerSetting } from './smallerSetting'
import { TOKENIZER_FOLDER } from '../worker/protocol'

export interface ComparisonWork {
  source: FoundVersion
  recipe: AugmentRecipe
  /** Folders of the models it names. */
  models: Readonly<Record<string, string>>
  settings: ComparisonSettings
}

/** What both runs of a pair share. */
interface Plan extends PreparedRun {
  metric: string
  datasetFile: string
  folder: string
  /** Optimizer steps over so many rows. */
  stepsOver(rows: number): number
}

/** @throws UserError where there is nothing to judge by, the recipe makes no copy, or a run fails */
export async function compareRecipe(
  ctx: ServiceContext,
  datasets: DatasetsService,
  job: JobHandle,
  work: ComparisonWork,
): Promise<AugmentComparison> {
  const { source, recipe, settings } = work
  const { rows: available, sizeBytes } = source.version
  requireRows(source, settings)
  assertFree(ctx.home.root, 200_000_000 + (2 + recipe.copies) * sizeBytes, 'The comparison')
  const startedMs = performance.now()
  const folder = join(ctx.home.cache, `comparison-${newId<string>()}`)
  mkdirSync(folder, { recursive: true })
  try {
    const rows = settings.rows ?? available.train
    const prepared = await prepareRun(ctx, datasets, configFor(ctx, work, rows))
    const plan = planOf(prepared, datasets.fileOf(source), folder)
    const seeds: SeedPair[] = []
    for (let i = 0; i < settings.seeds; i++) seeds.push(await trainPair(job, plan, work, i, rows))
    return {
      recipe: recipe.name,
      metric: plan.metric,
      same: settings.same,
      rows,
      validationRows: available.validation,
      steps: plan.stepsOver(rows),
      seeds,
      ...pairedT(
        seeds.map((pair) => pair.without),
        seeds.map((pair) => pair.with),
      ),
      seconds: (performance.now() - startedMs) / 1000,
    }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

function requireRows({ version, name }: FoundVersion, { rows }: ComparisonSettings): void {
  if (version.rows.validation === 0)
    throw new UserError('bad-input', `${name} has no validation rows to judge by.`, {
      where: { field: 'dataset' },
      hint: 'Split it again with a share for validation; test rows are never used for this.',
    })
  if (rows !== null && rows > version.rows.train)
    throw new UserError('bad-config', `${name} has ${version.rows.train} training rows, not ${rows}.`, {
      where: { field: 'rows' },
      hint: 'Take fewer, or leave it out to take all.',
    })
}

/** What is recommended for so many rows, then the user's settings; judged once, at the end. */
function configFor(ctx: ServiceContext, { source, recipe, settings }: ComparisonWork, rows: number) {
  const { version } = source
  const profile = findProfile(ctx.db, version.id) ?? null
  const guessed = profile ? guessTask(profile.columns) : { task: 'sequence-classification' as const }
  const subject = {
    model: { starter: DEFAULT_STARTER },
    ...guessed,
    columns: recipe.columns,
    ...settings.run,
    dataset: { version: version.id },
  }
  const advice = recommend({
    model: subject.model,
    version: { ...version, rows: { ...version.rows, train: rows } },
    profile,
    columns: subject.columns,
    task: subject.task,
    problem_type: null,
  })
  return {
    ...Object.fromEntries(Object.entries(advice).map(([name, { value }]) => [name, value])),
    ...subject,
    eval_strategy: 'no',
    save_strategy: 'no',
    load_best_model_at_end: false,
  }
}

function planOf(prepared: PreparedRun, datasetFile: string, folder: string): Plan {
  const { config } = prepared
  const batch = config.per_device_train_batch_size * config.gradient_accumulation_steps
  return {
    ...prepared,
    datasetFile,
    folder,
    metric: config.metric_for_best_model ?? HEADLINES[problemOf(config)][0],
    stepsOver: (rows) =>
      config.max_steps > 0 ? config.max_steps : Math.ceil(config.num_train_epochs * Math.ceil(rows / batch)),
  }
}

async function trainPair(
  job: JobHandle,
  plan: Plan,
  { source, recipe, models, settings }: ComparisonWork,
  i: number,
  rows: number,
): Promise<SeedPair> {
  const seed = plan.config.seed + i
  const folder = join(plan.folder, String(i))
  mkdirSync(folder)
  let datasetFile = plan.datasetFile
  if (settings.rows !== null) {
    const outputFile = join(folder, 'drawn.sqlite')
    await job.run({ kind: 'draw-rows', datasetFile, rows, seed, outputFile }, quietly)
    datasetFile = outputFile
  }
  const augmentedFile = join(folder, 'augmented.sqlite')
  const version: DatasetVersionId = source.version.id
  const copying = {
    threads: null,
    recipe: { ...recipe, seed: (recipe.seed + i) % 2 ** 32 },
    models,
    datasetFile,
    version,
  }
  const { report } = await job.run({ kind: 'augment', ...copying, outputFile: augmentedFile }, quietly)
  requireCopies(report)

  const steps = plan.stepsOver(rows)
  const stepsWith = settings.same === 'steps' ? steps : plan.stepsOver(rows + report.kept)
  const total = settings.seeds * (steps + stepsWith)
  const before = i * (steps + stepsWith)
  const train = (arm: string, file: string, changes: Partial<RunConfig>, doneBefore: number) =>
    trainOnce(
      job,
      plan,
      { file, runDir: join(folder, arm), config: { ...plan.config, seed, ...changes } },
      (step) => job.progress({ done: doneBefore + step, total, unit: 'steps' }),
    )
  const without = await train('without', datasetFile, { max_steps: steps }, before)
  // A tokenizer trained on copies too would know words that occur once, whatever the copies are: a gain of its own.
  const tokenizer = join(folder, 'without', TOKENIZER_FOLDER)
  const withCopies = await train('with', augmentedFile, { max_steps: stepsWith, tokenizer }, before + steps)
  await rm(folder, { recursive: true, force: true })
  return { seed, without, with: withCopies, copies: report.kept }
}

const quietly = { onProgress: () => undefined }

interface OneRun {
  file: string
  runDir: string
  config: RunConfig
}

/** @returns the metric on the validation rows after the last step */
async function trainOnce(
  job: JobHandle,
  { model, metric }: Plan,
  { file, runDir, config }: OneRun,
  onStep: (step: number) => void,
): Promise<number> {
  mkdirSync(runDir)
  const ends: { reason?: string; metrics: EvalMetrics }[] = []
  const task = {
    runId: newId<RunId>(),
    config,
    datasetFile: file,
    runDir,
    cacheDir: runDir,
    modelDir: model?.directory ?? null,
    resumeFrom: [],
    isTrial: true,
  }
  const { state } = await job.run(
    { kind: 'run', ...task },
    {
      ...quietly,
      onEvent(event) {
        if (event.event === 'progress') onStep(event.step)
        if (event.event === 'end') ends.push(event)
      },
    },
    smallerSetting(config),
  )
  if (state === 'cancelled') throw cancelled()
  const [end] = ends
  invariant(end, 'a run that was carried out tells its end')
  const { reason, metrics } = end
  if (state === 'failed') throw new UserError('diverged', reason ?? 'A run failed.')
  const value = metrics[metric]
  if (value !== undefined && Number.isFinite(value)) return value
  throw new UserError('bad-config', `The evaluation gives no ${metric}.`, {
    where: { field: 'metric_for_best_model' },
    hint: `It gives ${Object.keys(metrics).join(', ')}.`,
  })
}
