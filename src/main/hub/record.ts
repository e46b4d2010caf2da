/** `hub.json` beside a downloaded model: where it came from. The downloads of the data folder are found by it. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { z } from 'zod'
import type { DownloadedModel } from '../../shared/domain/hub'

export const RECORD_FILE = 'hub.json'

const DownloadRecord = z.object({
  name: z.string(),
  revision: z.string(),
  endpoint: z.string(),
  license: z.string().nullable(),
  downloaded_at: z.string(),
  files: z.array(
    z.object({
      path: z.string(),
      bytes: z.number(),
      sha256: z.string().nullable(),
      git_sha1: z.string().nullable(),
    }),
  ),
})
export type DownloadRecord = z.infer<typeof DownloadRecord>

const SHOWN_REVISION = 12

/** The folder of a model at a commit: `models/organisation/model@commit`. */
export function folderFor(models: string, name: string, revision: string): string {
  return join(models, ...`${name}@${revision.slice(0, SHOWN_REVISION)}`.split('/'))
}

/** Everything downloaded into the data folder, the newest first. */
export function downloadedModels(models: string): DownloadedModel[] {
  if (!existsSync(models)) return []
  const found = readdirSync(models, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith(RECORD_FILE))
    .flatMap((path) => readRecord(join(models, dirname(path))) ?? [])
  return found.sort((a, b) => b.downloadedAtMs - a.downloadedAtMs)
}

/** A downloaded model by its name, or `name@revision`; the newest of several. */
export function findDownloaded(models: string, reference: string): DownloadedModel | undefined {
  const [name, revision] = reference.split('@')
  return downloadedModels(models).find(
    (model) => model.name === name && (revision === undefined || model.revision.startsWith(revision)),
  )
}

/** Null where the folder is still gathering, or holds no record that can be read. */
function readRecord(folder: string): DownloadedModel | null {
  if (folder.endsWith('.download')) return null
  try {
    const record = DownloadRecord.parse(JSON.parse(readFileSync(join(folder, RECORD_FILE), 'utf8')))
    const { name, revision, endpoint, license, files } = record
    const bytes = files.reduce((sum, file) => sum + file.bytes, 0)
    return {
      name,
      revision,
      endpoint,
      license,
      folder,
      bytes,
      downloadedAtMs: Date.parse(record.downloaded_at),
    }
  } catch {
    return null
  }
}
