/** `data split`: a file cut into train, validation and test, written as JSON lines. */
import { join, resolve } from 'node:path'
import type { Split } from '../../shared/domain/dataset'
import { UserError } from '../../shared/errors'
import { makeFolder, writeInParts } from '../../main/services/userFile'
import { openVersionFile, type VersionFile } from '../../main/data/file/openVersion'
import { EXIT, type Command } from '../command'
import { SOURCE_OPTIONS, sourceSettings } from '../sourceOptions'
import { SPLIT_OPTIONS, splitRule } from '../splitOptions'

const SPLITS: readonly Split[] = ['train', 'validation', 'test']

export const dataSplit: Command = {
  path: ['data', 'split'],
  positionals: ['FILE'],
  summary: 'Split a file into train.jsonl, validation.jsonl and test.jsonl.',
  options: [
    { name: 'output', value: 'DIR', help: 'Where the files go.' },
    ...SOURCE_OPTIONS,
    ...SPLIT_OPTIONS,
  ],
  async run({ args, out, cwd, services }) {
    const folder = resolve(cwd, args.required('output'))
    const rule = splitRule(args)
    if (!rule) throw new UserError('bad-input', 'Say how to split: --validation SHARE, --test SHARE or both.')
    const { datasets } = services()
    const path = resolve(cwd, args.positionals[0]!)
    const found = await datasets.import({ kind: 'file', path, settings: sourceSettings(args) }, null, rule)
      .finished
    makeFolder(folder)
    const file = openVersionFile(datasets.fileOf(found))
    try {
      for (const split of SPLITS) {
        const rows = found.version.rows[split]
        if (rows === 0) continue
        const written = join(folder, `${split}.jsonl`)
        await writeSplit(file, split, written)
        out.result({ split, rows, path: written }, `${split}: ${rows} rows in ${written}`)
      }
    } finally {
      file.close()
    }
    return EXIT.done
  },
}

function writeSplit(file: VersionFile, split: Split, path: string): Promise<void> {
  return writeInParts(path, async (add) => {
    for (const { cells } of file.iterate(split)) await add(`${JSON.stringify(cells)}\n`)
  })
}
