/**
 * One file of a repository, onto disk: resumed where it broke off, never longer than said, hashed before it gets its
 * name. Until then it lies beside it as `NAME.part`.
 */
import { open, rename, rm, stat, writeFile } from 'node:fs/promises'
import { setTimeout as delay } from 'node:timers/promises'
import type { HubFile } from '../../shared/domain/hub'
import { UserError, cancelled } from '../../shared/errors'
import type { HubAccess } from './access'
import { assertContent } from './checksum'
import { clientOptions } from './client'
import { explainHubError, HubStatusError, isPassing } from './hubError'

export interface DownloadOptions {
  readonly signal: AbortSignal
  /** Bytes of this file that are on disk now. */
  readonly onBytes: (bytes: number) => void
  /** Waits between tries that brought nothing; so many of them are made. */
  readonly waitsMs?: readonly number[]
  /** A connection that says nothing for so long is given up and made again. */
  readonly stallMs?: number
}

export interface FilePlace {
  readonly name: string
  /** A commit: what it holds never changes. */
  readonly revision: string
  readonly file: HubFile
}

const WAITS_MS = [500, 1_000, 2_000, 4_000, 8_000]
const STALL_MS = 30_000

/** @throws UserError `corrupt` (length or hash lies), `environment` (network), `not-found`, `io`, `cancelled` */
export async function downloadFile(
  hub: HubAccess,
  place: FilePlace,
  target: string,
  options: DownloadOptions,
): Promise<void> {
  const part = `${target}.part`
  const { file } = place
  if (file.bytes === 0) await writeFile(part, '')
  await completePart(hub, place, part, options)
  try {
    await assertContent(part, file, options.signal)
  } catch (error) {
    if (!(error instanceof UserError) || error.code !== 'corrupt') throw error
    // A resumed file may have been mended from two halves that do not fit: once more, from its beginning.
    await rm(part)
    await completePart(hub, place, part, options)
    await assertContent(part, file, options.signal).catch(async (again: unknown) => {
      await rm(part, { force: true })
      throw again
    })
  }
  await rename(part, target)
}

async function completePart(
  hub: HubAccess,
  place: FilePlace,
  part: string,
  options: DownloadOptions,
): Promise<void> {
  const { signal, onBytes, waitsMs = WAITS_MS } = options
  let failures = 0
  for (let have = await sizeOf(part); have !== place.file.bytes;) {
    if (have > place.file.bytes) await rm(part, { force: true })
    try {
      await appendRest(hub, place, part, options)
    } catch (error) {
      if (signal.aborted) throw cancelled()
      if (!isPassing(error) || failures === waitsMs.length) throw explainHubError(error, place.name, hub)
    }
    const now = await sizeOf(part)
    onBytes(now)
    // An end that brought something is a dropped connection; one that brought nothing counts.
    if (now > have) failures = 0
    else if (failures === waitsMs.length) throw shortened(hub, place, now)
    else await delay(waitsMs[failures++], undefined, { signal }).catch(() => undefined)
    if (signal.aborted) throw cancelled()
    have = now
  }
}

/** One request: the bytes from where the part ends. */
async function appendRest(
  hub: HubAccess,
  place: FilePlace,
  part: string,
  options: DownloadOptions,
): Promise<void> {
  const { name, revision, file } = place
  const stall = new AbortController()
  const timer = setTimeout(
    () => stall.abort(new Error('the connection went silent')),
    options.stallMs ?? STALL_MS,
  )
  const signal = AbortSignal.any([options.signal, stall.signal])
  const have = await sizeOf(part)
  let status = 0
  const ask: typeof fetch = async (input, init) => {
    const response = await hub.fetch(input, { ...init, signal })
    status = response.status
    return response
  }
  const client = await import('@huggingface/hub')
  const request = {
    repo: { type: 'model', name },
    path: file.path,
    revision,
    ...clientOptions({ ...hub, fetch: ask }),
  } as const
  try {
    const info = await client.fileDownloadInfo(request)
    if (!info) throw new UserError('not-found', `${name} has no ${file.path} any more.`)
    if (info.size !== file.bytes)
      throw new UserError(
        'corrupt',
        `${file.path} is ${file.bytes} bytes by the list of files and ${info.size} by its own header.`,
        {
          where: { file: part },
          hint: 'The Hub or what stands between is broken: try again later.',
        },
      )
    // Not by xet's protocol: plain ranges are what every Hub and mirror speaks, and what can be resumed byte by byte.
    const blob = await client.downloadFile({ ...request, downloadInfo: info, xet: false })
    const rest = have === 0 ? blob! : blob!.slice(have)
    const handle = await open(part, 'a')
    try {
      let length = have
      for await (const chunk of rest.stream() as unknown as AsyncIterable<Uint8Array>) {
        timer.refresh()
        // A server that knows no ranges sends the file from its beginning.
        if (status === 200 && have > 0 && length === have) {
          length = 0
          await handle.truncate()
        }
        length += chunk.length
        if (length > file.bytes) throw tooLong(part, file)
        await handle.appendFile(chunk)
        options.onBytes(length)
      }
    } finally {
      await handle.close()
    }
  } catch (error) {
    // The client's stream ends with the text of an error alone.
    throw typeof error === 'string' && status >= 400 ? new HubStatusError(error, status) : error
  } finally {
    clearTimeout(timer)
  }
}

function tooLong(part: string, { path, bytes }: HubFile): UserError {
  return new UserError('corrupt', `${path} goes on after its ${bytes} bytes.`, {
    where: { file: part },
    hint: 'The Hub or what stands between is broken: try again later.',
  })
}

function shortened({ endpoint }: HubAccess, { file }: FilePlace, have: number): UserError {
  const host = new URL(endpoint).host
  return new UserError(
    'environment',
    `${host} ends ${file.path} after ${have} of ${file.bytes} bytes, again and again.`,
    {
      hint: 'What has come is kept: start the download again to go on from there.',
    },
  )
}

async function sizeOf(file: string): Promise<number> {
  return (await stat(file).catch(() => null))?.size ?? 0
}
