/**
 * A model into a folder of its own. It gathers in `FOLDER.download` and gets its name when every file is there and
 * checked; a download that was broken off goes on from what is there.
 */
import { existsSync } from 'node:fs'
import { mkdir, readdir, rename, rmdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { HubModelDetail } from '../../shared/domain/hub'
import { UserError } from '../../shared/errors'
import type { HubAccess } from './access'
import { assertContent } from './checksum'
import { downloadFile, type DownloadOptions } from './downloadFile'
import { RECORD_FILE, type DownloadRecord } from './record'

export interface ModelDownloadOptions extends Omit<DownloadOptions, 'onBytes'> {
  readonly onProgress: (doneBytes: number, totalBytes: number) => void
  readonly now: () => number
}

/** @throws UserError `conflict` where the folder holds something else; what downloadFile throws */
export async function downloadModel(
  hub: HubAccess,
  model: Omit<HubModelDetail, 'downloadedTo'>,
  folder: string,
  { onProgress, now, ...options }: ModelDownloadOptions,
): Promise<void> {
  const { name, revision, files, bytes } = model
  await assertVacant(folder)
  const gathering = `${folder}.download`
  await mkdir(gathering, { recursive: true })
  let before = 0
  onProgress(0, bytes)
  for (const file of files) {
    const target = join(gathering, file.path)
    const onBytes = (done: number) => onProgress(before + done, bytes)
    const isThere = existsSync(target) && (await isGood(target, file, options.signal))
    if (!isThere) await downloadFile(hub, { name, revision, file }, target, { ...options, onBytes })
    before += file.bytes
    onProgress(before, bytes)
  }
  const record: DownloadRecord = {
    name,
    revision,
    endpoint: hub.endpoint,
    license: model.license,
    downloaded_at: new Date(now()).toISOString(),
    files: files.map(({ path, bytes: size, sha256, gitSha1 }) => ({
      path,
      bytes: size,
      sha256,
      git_sha1: gitSha1,
    })),
  }
  await writeFile(join(gathering, RECORD_FILE), `${JSON.stringify(record, null, 2)}\n`)
  await mkdir(dirname(folder), { recursive: true })
  if (existsSync(folder)) await rmdir(folder)
  await rename(gathering, folder)
}

async function isGood(
  target: string,
  file: HubModelDetail['files'][number],
  signal: AbortSignal,
): Promise<boolean> {
  try {
    await assertContent(target, file, signal)
    return true
  } catch (error) {
    if (error instanceof UserError) return false
    throw error
  }
}

async function assertVacant(folder: string): Promise<void> {
  const inside = existsSync(folder) ? await readdir(folder) : []
  if (inside.length === 0) return
  throw new UserError('conflict', 'The folder is not empty.', {
    where: { file: folder },
    hint: 'Name a new or an empty folder for the model.',
  })
}
