/** Whether a file is what the Hub says it is: its length, and SHA-256 or git's SHA-1 of its content. */
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import type { HubFile } from '../../shared/domain/hub'
import { UserError } from '../../shared/errors'

/** @throws UserError `corrupt` */
export async function assertContent(path: string, file: HubFile, signal: AbortSignal): Promise<void> {
  const { size } = await stat(path)
  if (size !== file.bytes) throw wrong(path, file, `${size} bytes`, `${file.bytes} bytes`)
  const expected = file.sha256 ?? file.gitSha1
  if (expected === null) return
  const hash = createHash(file.sha256 === null ? 'sha1' : 'sha256')
  // git hashes a header before the content.
  if (file.sha256 === null) hash.update(`blob ${size}\0`)
  for await (const chunk of createReadStream(path, { signal })) hash.update(chunk as Buffer)
  const found = hash.digest('hex')
  if (found !== expected) throw wrong(path, file, found, expected)
}

function wrong(path: string, file: HubFile, found: string, expected: string): UserError {
  return new UserError('corrupt', `${file.path} is not what the Hub says it is: ${found}, not ${expected}.`, {
    where: { file: path },
    hint: 'It was deleted. Try again later, or another endpoint.',
  })
}
