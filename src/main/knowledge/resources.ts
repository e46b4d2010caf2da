/** Where the built-in entries lie: resources/knowledge beside the sources, the built files or the installed app. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { UserError } from '../../shared/errors'

export interface SourceFile {
  /** Relative to the knowledge folder, for messages. */
  file: string
  text: string
}

/** @throws UserError `environment` where the folder is missing */
export function readBuiltIn(): SourceFile[] {
  return readMarkdown(findFolder())
}

/** A fixed part of the static site. */
export function readSiteFile(name: string): string {
  return readFileSync(join(findFolder(), 'site', name), 'utf8')
}

/** Every Markdown file under a folder, by name. @throws UserError `not-found`, `io` */
export function readMarkdown(folder: string): SourceFile[] {
  if (!existsSync(folder))
    throw new UserError('not-found', 'The folder does not exist.', { where: { file: folder } })
  try {
    return readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && entry.name.endsWith('.md'))
      .map((entry) => join(entry.parentPath, entry.name))
      .sort()
      .map((path) => ({ file: relative(folder, path), text: readFileSync(path, 'utf8') }))
  } catch (error) {
    throw new UserError('io', 'The folder cannot be read.', { where: { file: folder }, cause: error })
  }
}

function findFolder(): string {
  for (let folder = import.meta.dirname; ; folder = dirname(folder)) {
    const found = join(folder, 'resources', 'knowledge')
    if (existsSync(found)) return found
    if (folder === dirname(folder))
      throw new UserError('environment', 'The folder resources/knowledge is missing.', {
        hint: 'Install Tunesmith again, or restore the folder.',
      })
  }
}
