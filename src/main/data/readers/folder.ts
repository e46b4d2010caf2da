/**
 * A folder of text files: a file a row, with its text, its class (the folder it lies in) and its path. Folders named
 * train, validation or test above the classes name the split of what is in them.
 */
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { CellValue } from '../../../shared/domain/dataset'
import { UserError } from '../../../shared/errors'
import { splitNamed } from '../splitNames'
import type { Rejects, SourceRow } from './row'

const TEXT_FILE = /\.(txt|text|md)$/i

interface TextFile {
  path: string
  /** Below the folder, with forward slashes. */
  name: string
  cells: Record<string, CellValue>
}

/** @throws UserError('bad-input') where there is no text file, or a class is empty in name */
export async function textFilesIn(folder: string): Promise<TextFile[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const files = entries
    .filter((entry) => entry.isFile() && TEXT_FILE.test(entry.name) && !entry.name.startsWith('.'))
    .map((entry) => {
      const path = join(entry.parentPath, entry.name)
      const parts = path.slice(folder.length).split(/[\\/]/).filter(Boolean)
      return { path, name: parts.join('/'), folders: parts.slice(0, -1) }
    })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
  if (files.length === 0)
    throw new UserError('bad-input', 'The folder holds no text files.', {
      where: { file: folder },
      hint: 'Put a text a file (.txt, .md) into a folder for each class: reviews/good/1.txt, reviews/bad/2.txt.',
    })
  const hasSplits = files.every(({ folders }) => folders[0] !== undefined && splitNamed(folders[0]) !== null)
  return files.map(({ path, name, folders }) => {
    const label = folders.slice(hasSplits ? 1 : 0).join('/')
    return {
      path,
      name,
      cells: {
        ...(label !== '' && { label }),
        file: name,
        ...(hasSplits && { split: splitNamed(folders[0]!) }),
      },
    }
  })
}

/** @param read the text of one file, decoded; what it throws refuses that file alone */
export async function* readFolder(
  files: readonly TextFile[],
  read: (path: string) => Promise<string>,
  rejects: Rejects,
  onProgress: (done: number, total: number) => void,
): AsyncGenerator<SourceRow> {
  for (const [i, { path, name, cells }] of files.entries()) {
    const text = await read(path).catch((error: unknown) => {
      if (!(error instanceof UserError) || error.code === 'cancelled') throw error
      rejects.add(i + 1, 'text', `cannot be read: ${error.message}`, name)
      return null
    })
    if (text !== null) {
      if (text.trim() === '') rejects.add(i + 1, 'text', 'is empty', name)
      else yield { row: i + 1, cells: { text: text.trim(), ...cells } }
    }
    onProgress(i + 1, files.length)
  }
}
