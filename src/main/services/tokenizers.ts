/** Tokenizers: loaded from folders, trained on a dataset's training split, and looked into. */
import { rm } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import type {
  ShownToken,
  TokenizerStatistics,
  TokenizerSummary,
  TrainTokenizerOptions,
  WordSteps,
} from '../../shared/domain/tokenizer'
import { UserError } from '../../shared/errors'
import type { DatasetVersionId, TokenizerId } from '../../shared/ids'
import {
  deleteTokenizer,
  findTokenizer,
  insertTokenizer,
  listTokenizers,
  renameTokenizer,
} from '../store/queries/tokenizers'
import type { ServiceContext } from './context'
import type { DatasetsService } from './datasets'
import { LEAST_FREE_BYTES, assertFree } from './diskSpace'
import { fromStored, toStored } from './home'
import type { JobsService, StartedJob } from './jobs'
import { newId } from './newId'
import { resultOf } from './supervisor'

export interface TokenizersService {
  list(): TokenizerSummary[]
  /** A folder, or a tokenizer.json, vocab.txt or vocab.json; it stays where it is. */
  addFolder(path: string): Promise<TokenizerSummary>
  /** On the training split alone. */
  train(
    version: DatasetVersionId,
    column: string,
    name: string,
    options: TrainTokenizerOptions,
  ): StartedJob<TokenizerSummary>
  rename(id: TokenizerId, name: string): void
  /** Off the list; the files go too where the studio made them. */
  delete(id: TokenizerId): Promise<void>
  tokenize(
    id: TokenizerId,
    lines: string[],
    addSpecialTokens: boolean,
    stepsOf: string | null,
  ): Promise<{ lines: ShownToken[][]; steps: WordSteps[] }>
  /** Of the training split. */
  statistics(
    id: TokenizerId,
    version: DatasetVersionId,
    column: string,
    maxLength: number,
  ): Promise<TokenizerStatistics>
}

export function tokenizersService(
  ctx: ServiceContext,
  jobs: JobsService,
  datasets: DatasetsService,
): TokenizersService {
  const located = (stored: TokenizerSummary) => ({ ...stored, path: fromStored(ctx.home, stored.path) })
  const find = (id: TokenizerId): TokenizerSummary => {
    const found = findTokenizer(ctx.db, id)
    if (found) return located(found)
    throw new UserError('not-found', 'This tokenizer is not on the list any more.')
  }
  const datasetFile = (version: DatasetVersionId) => datasets.fileOf(datasets.find(version))
  const insert = (made: Omit<TokenizerSummary, 'createdAtMs'>) => {
    const tokenizer = { ...made, createdAtMs: ctx.now() }
    insertTokenizer(ctx.db, { ...tokenizer, path: toStored(ctx.home, tokenizer.path) })
    return tokenizer
  }

  return {
    list: () => listTokenizers(ctx.db).map(located),
    async addFolder(given) {
      const path = resolve(given)
      const known = listTokenizers(ctx.db)
        .map(located)
        .find((tokenizer) => tokenizer.path === path)
      const facts = resultOf(await ctx.workers.run({ kind: 'open-tokenizer', path }).finished)
      return insert({
        id: known?.id ?? newId<TokenizerId>(),
        name: known?.name ?? nameOf(path),
        path,
        facts,
        origin: { kind: 'folder' },
      })
    },
    train(version, column, name, options) {
      const { version: trainedOn } = datasets.find(version)
      assertFree(ctx.home.root, LEAST_FREE_BYTES, 'The tokenizer')
      const id = newId<TokenizerId>()
      const outputDir = join(ctx.home.tokenizers, id)
      return jobs.start({
        kind: 'tokenizer',
        title: `Train ${name}`,
        result: (made) => ({ tokenizer: made.id }),
        async work(job) {
          try {
            const task = { kind: 'train-tokenizer', datasetFile: datasetFile(version), column } as const
            const { facts, rows, seconds } = await job.run({ ...task, options, outputDir })
            const dataset = datasets.list().find((each) => each.id === trainedOn.datasetId)?.name ?? ''
            return insert({
              id,
              name,
              path: outputDir,
              facts,
              origin: { kind: 'trained', dataset, rows, seconds, options },
            })
          } catch (error) {
            await rm(outputDir, { recursive: true, force: true })
            throw error
          }
        },
      })
    },
    rename(id, name) {
      find(id)
      renameTokenizer(ctx.db, id, name)
    },
    async delete(id) {
      const { path, origin } = find(id)
      deleteTokenizer(ctx.db, id)
      if (origin.kind === 'trained') await rm(path, { recursive: true, force: true })
    },
    async tokenize(id, lines, addSpecialTokens, stepsOf) {
      const task = { kind: 'tokenize', path: find(id).path, lines, addSpecialTokens, stepsOf } as const
      return resultOf(await ctx.workers.run(task).finished)
    },
    async statistics(id, version, column, maxLength) {
      const { path } = find(id)
      const task = { kind: 'tokenizer-statistics', path, datasetFile: datasetFile(version) } as const
      return resultOf(await ctx.workers.run({ ...task, column, maxLength }).finished)
    },
  }
}

/** The folder's name, also where one of its files was given. */
function nameOf(path: string): string {
  const name = basename(path)
  return /\.(json|txt)$/.test(name) ? basename(dirname(path)) || name : name
}
