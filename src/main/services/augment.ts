/** Augmentation: recipes checked, looked at on a sample, and applied into a new version of the dataset. */
import { existsSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import type {
  AugmenterInfo,
  AugmentPreview,
  AugmentRecipe,
  AugmentReport,
} from '../../shared/domain/augmentation'
import type { AugmentComparison, ComparisonSettings } from '../../shared/domain/augmentComparison'
import { UserError } from '../../shared/errors'
import type { DatasetVersionId } from '../../shared/ids'
import { parseRecipe } from '../augment/compile'
import { augmenterCatalog } from '../augment/registry'
import type { FoundVersion } from '../store/queries/datasets'
import type { AugmentTask } from '../worker/augment/tasks'
import type { TaskResults } from '../worker/protocol'
import { compareRecipe } from './augmentComparison'
import { modelFolders } from './augmentModels'
import { requireCopies } from './augmentReport'
import type { ServiceContext } from './context'
import type { DatasetsService } from './datasets'
import { assertFree } from './diskSpace'
import type { JobHandle, JobsService, StartedJob } from './jobs'
import { addVersion } from './newVersion'
import { resultOf } from './supervisor'

export interface Augmented {
  found: FoundVersion
  report: AugmentReport
}

export interface AugmentFiles {
  input: string
  evaluation: string | null
  output: string
}

export interface AugmentService {
  catalog(): AugmenterInfo[]
  /** @throws UserError `bad-config` naming the field that is wrong */
  check(recipe: unknown): AugmentRecipe
  /** Copies of some rows; another `turn` shows other rows. */
  preview(
    version: DatasetVersionId,
    recipe: AugmentRecipe,
    rows: number,
    turn: number,
  ): Promise<AugmentPreview>
  /** Makes a version whose training rows are the source's and their copies. */
  /** `threads` that make the copies, which are the same for any number; null: as many as the processor suggests. */
  apply(version: DatasetVersionId, recipe: AugmentRecipe, threads?: number | null): StartedJob<Augmented>
  /** The same from file to file. */
  applyToFile(
    files: AugmentFiles,
    recipe: AugmentRecipe,
    threads?: number | null,
  ): StartedJob<TaskResults['augment-file']>
  /** Does it help? Nothing is left of the runs but the figures. */
  compare(
    version: DatasetVersionId,
    recipe: AugmentRecipe,
    settings: ComparisonSettings,
  ): StartedJob<AugmentComparison>
}

export function augmentService(
  ctx: ServiceContext,
  jobs: JobsService,
  datasets: DatasetsService,
): AugmentService {
  let cancelPreview: () => void = () => undefined
  return {
    catalog: augmenterCatalog,
    check: parseRecipe,
    async preview(version, recipe, rows, turn) {
      // Only the latest is looked at.
      cancelPreview()
      const datasetFile = datasets.fileOf(datasets.find(version))
      const running = ctx.workers.run({
        kind: 'augment-preview',
        recipe,
        models: modelFolders(ctx, recipe),
        threads: null,
        datasetFile,
        rows,
        turn,
      })
      cancelPreview = () => running.cancel()
      try {
        return resultOf(await running.finished)
      } finally {
        cancelPreview = () => undefined
      }
    },
    apply(version, recipe, threads = null) {
      const source = datasets.find(version)
      const models = modelFolders(ctx, recipe)
      return jobs.start({
        kind: 'augment',
        title: `Augment ${source.name} with ${recipe.name}`,
        work: (job) =>
          augmentVersion(ctx, job, source, { datasetFile: datasets.fileOf(source), recipe, models, threads }),
        result: ({ found }) => ({ dataset: found.version.datasetId, version: found.version.id }),
      })
    },
    applyToFile(files, recipe, threads = null) {
      for (const file of [files.input, files.evaluation])
        if (file !== null && !existsSync(file))
          throw new UserError('not-found', 'There is no such file.', { where: { file } })
      const models = modelFolders(ctx, recipe)
      return jobs.start({
        kind: 'augment',
        title: `Augment ${files.input}`,
        work: async (job) => {
          const made = await job.run({ kind: 'augment-file', recipe, models, threads, ...files })
          if (made.report.kept === 0) await rm(files.output, { force: true })
          requireCopies(made.report)
          return made
        },
        result: () => ({ path: files.output }),
      })
    },
    compare(version, recipe, settings) {
      const source = datasets.find(version)
      const models = modelFolders(ctx, recipe)
      return jobs.start({
        kind: 'augment-comparison',
        title: `Train ${source.name} with and without ${recipe.name}`,
        work: (job) => compareRecipe(ctx, datasets, job, { source, recipe, models, settings }),
        result: (comparison) => ({
          version,
          recipe: JSON.stringify(recipe),
          comparison: JSON.stringify(comparison),
        }),
      })
    },
  }
}

async function augmentVersion(
  ctx: ServiceContext,
  job: JobHandle,
  source: FoundVersion,
  work: Pick<AugmentTask, 'datasetFile' | 'recipe' | 'models' | 'threads'>,
): Promise<Augmented> {
  const { version } = source
  assertFree(ctx.home.root, 50_000_000 + (1 + work.recipe.copies) * version.sizeBytes, 'The augmentation')
  const { found, made } = await addVersion(ctx, job, version.datasetId, async (outputFile) => {
    const task = { kind: 'augment', ...work, version: version.id, outputFile } as const
    const written = await job.run(task)
    requireCopies(written.report)
    return written
  })
  return { found, report: made.report }
}
