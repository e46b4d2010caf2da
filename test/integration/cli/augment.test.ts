/** `augment` from file to file and from version to version, through real workers. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { temporaryFolder } from '../store/temporary'
import { nodeHost } from '../../../src/main/worker/nodeHost'
import { tunesmith } from './terminal'

let home: string
beforeEach(() => {
  home = temporaryFolder()
})
const real = (...argv: string[]) => tunesmith(argv, { home, spawnWorker: nodeHost() })

function write(name: string, value: unknown): string {
  writeFileSync(join(home, name), typeof value === 'string' ? value : JSON.stringify(value))
  return join(home, name)
}
const linesOf = (path: string) => readFileSync(path, 'utf8').trimEnd().split('\n')
const jsonLines = (path: string) => linesOf(path).map((line) => JSON.parse(line) as Record<string, unknown>)

const recipe = {
  seed: 7,
  copies: 3,
  steps: [{ augmenter: 'synonym_replacement' }, { augmenter: 'random_swap' }],
}
const rows = [
  'text,label',
  '"The old man walks home, slowly",a',
  '"A big dog was barking at ""Tom""",a',
  'She purchased a new car yesterday,b',
]

describe('augment from file to file', () => {
  it('writes rows and copies that name their source, the same each time', async () => {
    const input = write('rows.csv', rows.join('\n'))
    const output = join(home, 'more.csv')
    const arguments_ = ['augment', '--recipe', write('r.json', recipe), '--input', input, '--json']
    const first = await real(...arguments_, '--output', output)
    expect(first.stderr + first.stdout).not.toContain('rror')
    expect(first.code).toBe(0)
    expect(first.lines[0]).toMatchObject({ event: 'augment', seed: 7, made: 9, path: output })
    const lines = linesOf(output)
    expect(lines.slice(0, 4)).toEqual(['text,label,augmented_from', ...rows.slice(1).map((row) => `${row},`)])
    expect(lines).toHaveLength(4 + (first.lines[0]!.kept as number))
    for (const line of lines.slice(4)) expect(line).toMatch(/,[ab],[234]$/)
    await real(...arguments_, '--output', join(home, 'again.csv'))
    expect(linesOf(join(home, 'again.csv'))).toEqual(lines)
    // What was made is imported again, and only rows that are no copies are copied.
    const twice = await real(...arguments_.with(4, output), '--output', join(home, 'twice.jsonl'))
    expect(twice.lines[0]).toMatchObject({ rows: lines.length - 1 + (twice.lines[0]!.kept as number) })
    const sources = jsonLines(join(home, 'twice.jsonl')).map((row) => row.augmented_from)
    expect(new Set(sources.slice(lines.length - 1))).toEqual(new Set([2, 3, 4]))
  })

  it('keeps tags aligned and rejects what equals a row of --against', async () => {
    const tagged = [
      { tokens: ['Anna', 'Maria', 'left', 'Rome', '.'], tags: ['B-PER', 'I-PER', 'O', 'B-LOC', 'O'] },
      { tokens: ['Ben', 'saw', 'Paris', 'today', '.'], tags: ['B-PER', 'O', 'B-LOC', 'O', 'O'] },
    ]
    const input = write('rows.jsonl', tagged.map((row) => JSON.stringify(row)).join('\n'))
    const swap = { steps: [{ augmenter: 'entity_swap', parameters: { p: 1 } }] }
    const run = async (...more: string[]) =>
      real(
        'augment',
        '--recipe',
        write('r.json', swap),
        '--input',
        input,
        '--output',
        join(home, 'o.jsonl'),
        '--json',
        ...more,
      )
    expect((await run()).lines[0]).toMatchObject({ kept: 2 })
    expect(jsonLines(join(home, 'o.jsonl')).slice(2)).toEqual([
      { tokens: ['Ben', 'left', 'Paris', '.'], tags: ['B-PER', 'O', 'B-LOC', 'O'], augmented_from: 1 },
      {
        tokens: ['Anna', 'Maria', 'saw', 'Rome', 'today', '.'],
        tags: ['B-PER', 'I-PER', 'O', 'B-LOC', 'O', 'O'],
        augmented_from: 2,
      },
    ])
    const against = write(
      'validation.jsonl',
      JSON.stringify({ tokens: ['BEN', 'left', 'Paris', '.'], tags: ['B-PER', 'O', 'B-LOC', 'O'] }),
    )
    expect((await run('--against', against)).lines[0]).toMatchObject({
      kept: 1,
      rejected: { 'duplicate-evaluation': 1 },
    })
  })

  it('says what is wrong and leaves nothing', async () => {
    const input = write('rows.csv', rows.join('\n'))
    const output = join(home, 'more.csv')
    const run = async (value: unknown, file = output) =>
      real('augment', '--recipe', write('r.json', value), '--input', input, '--output', file)
    const expectRefusal = async (result: ReturnType<typeof run>, text: RegExp) => {
      const { code, stderr } = await result
      expect(stderr).toMatch(text)
      expect(code).toBe(2)
      expect(existsSync(output)).toBe(false)
    }
    await expectRefusal(run('{'), /not JSON/)
    await expectRefusal(
      run({ steps: [{ augmenter: 'eda', parameters: { mode: 'x' } }] }),
      /steps\.0\.parameters\.mode/,
    )
    await expectRefusal(run({ ...recipe, columns: { text: 'txt' } }), /no column "txt"/)
    await expectRefusal(run(recipe, join(home, 'more.xlsx')), /\.csv, \.tsv or \.jsonl/)
    const still = { steps: [{ augmenter: 'random_deletion', parameters: { p: 0 } }] }
    await expectRefusal(run(still), /None of 3 copies was kept: 3 equal to its source/)
  })
})

describe('augment of a dataset', () => {
  it('makes the next version, validation untouched, with its recipe and source', async () => {
    const texts = Array.from(
      { length: 40 },
      (_, i) => `row ${i} of the ${i % 2 ? 'old' : 'new'} list,${i < 30 ? 'many' : 'few'}`,
    )
    const input = write('letters.csv', ['text,label', ...texts].join('\n'))
    const imported = await real('data', 'import', input, '--validation', '0.25', '--json')
    const balance = {
      name: 'balanced',
      steps: [{ augmenter: 'concatenation' }, { augmenter: 'random_swap' }],
      balance: 'largest',
      copies: 8,
    }
    const id = imported.lines[0]!.id as string
    const made = await real('augment', '--recipe', write('r.json', balance), '--input', id, '--json')
    expect(made.stderr).not.toContain('rror')
    const report = made.lines[0] as { kept: number; rows: object; version: string; classes: object[] }
    expect(report).toMatchObject({
      number: 2,
      rows: { train: 30 + report.kept, validation: 10, test: 0 },
      classes: [{ label: 'few' }, { label: 'many', added: 0 }],
    })
    const profile = (await real('data', 'profile', report.version, '--json')).lines[0] as {
      version: { source: object; datasetId: string }
      columns: { name: string; empty: number }[]
    }
    expect(profile.version).toMatchObject({
      datasetId: imported.lines[0]!.datasetId,
      source: {
        kind: 'augmentation',
        version: id,
        sha256: imported.lines[0]!.sha256,
        recipe: { name: 'balanced', seed: 42 },
      },
    })
    expect(profile.columns.find((column) => column.name === 'augmented_from')).toMatchObject({ empty: 40 })
  })

  it('lists what there is', async () => {
    const { stdout, code } = await real('augment', 'list')
    expect(code).toBe(0)
    expect(stdout).toMatch(/random_swap {2}Exchanges two words/)
    expect(stdout).toMatch(/alpha_sr +0\.1/)
  })
})
