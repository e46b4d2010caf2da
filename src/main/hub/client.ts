/** Asks of the Hub, through its official client: models by a search, and what one of them consists of. */
import type { ListFileEntry, ModelEntry } from '@huggingface/hub'
import { HUB_MODEL_TYPES, type HubFile, type HubModel, type HubModelDetail } from '../../shared/domain/hub'
import { UserError } from '../../shared/errors'
import type { HubAccess } from './access'
import { explainHubError } from './hubError'
import { neededFiles } from './neededFiles'

const FIELDS = ['config', 'safetensors', 'cardData', 'tags'] as const
interface Entry extends ModelEntry {
  config?: unknown
  safetensors?: { parameters: Record<string, number>; total: number }
  cardData?: unknown
  tags?: string[]
}

const BYTES_OF: Readonly<Record<string, number>> = {
  F64: 8,
  F32: 4,
  F16: 2,
  BF16: 2,
  I64: 8,
  I32: 4,
  U8: 1,
  I8: 1,
}

/** Models with safetensors whose name or tags match, the most downloaded first. @throws UserError */
export async function searchModels(hub: HubAccess, query: string, limit: number): Promise<HubModel[]> {
  const { listModels } = await import('@huggingface/hub')
  const found: HubModel[] = []
  try {
    const models = listModels({
      search: { query, tags: ['safetensors'] },
      sort: 'downloads',
      limit,
      additionalFields: [...FIELDS],
      ...clientOptions(hub),
    })
    for await (const entry of models) found.push(describe(entry))
  } catch (error) {
    throw explainHubError(error, null, hub)
  }
  return found
}

/**
 * One model at a revision (a branch, tag or commit), pinned to its commit, with the files that training needs.
 * @throws UserError `not-found`, `unsupported` (pickle, or an architecture the engine does not have), `environment`
 */
export async function modelDetail(
  hub: HubAccess,
  name: string,
  revision: string,
): Promise<Omit<HubModelDetail, 'downloadedTo'>> {
  assertName(name)
  const { modelInfo, listFiles } = await import('@huggingface/hub')
  try {
    const info = await modelInfo({
      name,
      revision,
      additionalFields: [...FIELDS, 'sha'],
      ...clientOptions(hub),
    })
    const listed: HubFile[] = []
    const repo = { type: 'model', name: info.name } as const
    for await (const entry of listFiles({ repo, revision: info.sha, ...clientOptions(hub) }))
      if (entry.type === 'file') listed.push(fileOf(entry))
    const files = neededFiles(info.name, listed)
    const bytes = files.reduce((sum, file) => sum + file.bytes, 0)
    return { ...describe(info), revision: info.sha, files, bytes }
  } catch (error) {
    throw explainHubError(error, name, hub)
  }
}

/** Without a token the field is left out: the client takes its presence for one. */
export function clientOptions({ endpoint, token, fetch }: HubAccess) {
  return { hubUrl: endpoint, fetch, ...(token !== undefined && { accessToken: token }) }
}

/** @throws UserError `bad-input` */
function assertName(name: string): void {
  if (/^[\w.-]+(\/[\w.-]+)?$/.test(name) && !name.includes('..')) return
  throw new UserError('bad-input', `${name} is no name of a model on the Hub.`, {
    hint: 'Names look like google-bert/bert-base-uncased.',
  })
}

function describe(entry: Entry): HubModel {
  const { model_type: type } = (entry.config ?? {}) as { model_type?: unknown }
  const modelType = typeof type === 'string' ? type : null
  const counts = entry.safetensors?.parameters ?? {}
  const weightBytes = Object.entries(counts).reduce((sum, [dtype, n]) => sum + n * (BYTES_OF[dtype] ?? 4), 0)
  return {
    name: entry.name,
    modelType,
    pipeline: entry.task ?? null,
    parameters: entry.safetensors?.total ?? null,
    weightBytes: weightBytes > 0 ? weightBytes : null,
    license: licenseOf(entry),
    downloads: entry.downloads,
    updatedAtMs: entry.updatedAt.getTime(),
    isGated: Boolean(entry.gated),
    obstacle: obstacleOf(modelType),
  }
}

function obstacleOf(modelType: string | null): string | null {
  const known: readonly string[] = HUB_MODEL_TYPES
  if (modelType === null || known.includes(modelType)) return null
  return `${modelType} is not built: Tunesmith trains ${known.join(', ')}.`
}

function licenseOf({ cardData, tags }: Entry): string | null {
  const { license } = (cardData ?? {}) as { license?: unknown }
  if (typeof license === 'string') return license
  const tag = tags?.find((one) => one.startsWith('license:'))
  return tag?.slice('license:'.length) ?? null
}

function fileOf({ path, size, oid, lfs }: ListFileEntry): HubFile {
  return {
    path,
    bytes: lfs?.size ?? size,
    sha256: lfs?.oid ?? null,
    gitSha1: lfs ? null : (oid ?? null),
  }
}
