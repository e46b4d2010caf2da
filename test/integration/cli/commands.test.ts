/** The other commands: history, data, tokenizer, score, doctor; their output and their refusals. */
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

const stub = (...argv: string[]) => tunesmith(argv, { home })
const real = (...argv: string[]) => tunesmith(argv, { home, spawnWorker: nodeHost() })

function write(name: string, text: string | Uint8Array): string {
  writeFileSync(join(home, name), text)
  return join(home, name)
}

const letters = [
  'text,label',
  ...Array.from({ length: 40 }, (_, i) => `row ${i},${i % 2 ? 'odd' : 'even'}`),
].join('\n')

describe('the history', () => {
  it('lists, compares and exports runs', async () => {
    expect((await stub('runs', 'list')).stdout).toContain('No runs yet')
    for (const seed of ['1', '2']) expect((await stub('sample', '--seed', seed)).code).toBe(0)
    const listed = await stub('runs', 'list', '--json')
    expect(listed.lines.map((run) => [run.number, run.seed])).toEqual([
      [2, 2],
      [1, 1],
    ])
    const found = await stub('runs', 'list', '--filter', 'seed < 2 and accuracy > 0.9', '--json')
    expect(found.lines.map((run) => run.number)).toEqual([1])
    const columns = ['--columns', 'seed,metrics.eval_accuracy', '--sort', 'seed:desc']
    expect((await stub('runs', 'list', ...columns)).stdout).toMatch(/^no .*\n2 +2 +0.95\n1 +1 +0.95\n$/)
    const wrong = await stub('runs', 'list', '--filter', 'state = completed and acuracy > 0.9')
    expect([wrong.code, wrong.stderr]).toEqual([
      2,
      'The filter cannot be read: No run has acuracy. (field filter, character 23, at "acuracy") Did you mean accuracy?\n',
    ])
    expect((await stub('runs', 'list', '--filter', 'state = failed')).stdout).toContain('No run matches')
    const compared = await stub('runs', 'compare', '1', '2', '--json')
    expect(compared.lines[0]).toMatchObject({
      settings: { seed: [1, 2] },
      metrics: { accuracy: [0.95, 0.95] },
      judgements: [
        {
          note: 'They differ in nothing but the seed: a gap says which run was luckier, not which setting is better.',
          verdicts: [{ metric: 'accuracy', better: null, difference: 0, test: 'two-shares' }],
        },
      ],
    })
    expect((await stub('runs', 'compare', '1', '2')).stdout).toMatch(
      /No difference beyond noise between run 2 and run 1: accuracy 0\.0 \[/,
    )
    const file = join(home, 'run.json')
    expect((await stub('runs', 'export', '1', '--output', file)).code).toBe(0)
    const exported = JSON.parse(readFileSync(file, 'utf8')) as { log: { event: string }[] }
    expect(exported.log.filter(({ event }) => event === 'step')).toHaveLength(20)
    expect((await stub('runs', 'show', '2')).stdout).toContain('completed')
  })
})

describe('data', () => {
  it('imports, profiles and splits', async () => {
    const file = write('letters.csv', letters)
    const imported = await real('data', 'import', file, '--validation', '0.25', '--json')
    expect(imported.lines[0]).toMatchObject({ name: 'letters', rows: { train: 30, validation: 10, test: 0 } })
    const profile = await real('data', 'profile', imported.lines[0]!.id as string)
    expect(profile.stdout).toMatch(/label\s+category\s+label\s+2/)
    const split = await real(
      'data',
      'split',
      file,
      '--output',
      join(home, 'out'),
      '--test',
      '0.2',
      '--validation',
      '0',
    )
    expect([split.code, existsSync(join(home, 'out', 'validation.jsonl'))]).toEqual([0, false])
    expect(
      readFileSync(join(home, 'out', 'test.jsonl'), 'utf8')
        .trim()
        .split('\n'),
    ).toHaveLength(8)
  })

  const bad: [string, string | Uint8Array, RegExp][] = [
    ['an empty file', '', /file is empty/],
    ['a header alone', 'text,label\n', /header but no rows/],
    ['duplicate columns', 'text,text\na,b\n', /text/],
    ['invalid UTF-8', Uint8Array.of(0x74, 0x0a, 0xff, 0xfe, 0x41, 0x0a, 0xc3), /UTF|encoding|decode/i],
  ]
  it.each(bad)('refuses %s with exit code 2', async (_, content, sentence) => {
    const { code, stdout, stderr } = await real('data', 'import', write('bad.csv', content))
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toMatch(sentence)
  })
})

describe('tokenizer', () => {
  it('trains, and encodes a line a text', async () => {
    const input = write('text.txt', 'the cat sat\nthe cat ran\nthe dog sat\n')
    const folder = join(home, 'tokenizer')
    const trained = await stub(
      'tokenizer',
      'train',
      '--input',
      input,
      '--output',
      folder,
      '--vocab-size',
      '100',
      '--json',
    )
    expect(trained.lines[0]).toMatchObject({ path: folder, type: 'WordPiece' })
    const encoded = await stub('tokenizer', 'encode', '--tokenizer', folder, '--input', input)
    const ids = encoded.stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as number[])
    expect(ids).toHaveLength(3)
    expect(ids[0]![0]).toBe(ids[1]![0])
  })
})

describe('score', () => {
  it('prints one line a metric', async () => {
    const predictions = write('p.jsonl', '"a"\n"b"\n"a"\n"b"\n')
    const references = write('r.txt', 'a\nb\nb\nb\n')
    const { code, lines } = await stub(
      'score',
      '--metrics',
      'accuracy,mcc',
      '--predictions',
      predictions,
      '--references',
      references,
    )
    expect(code).toBe(0)
    expect(lines.map(({ metric, n }) => [metric, n])).toEqual([
      ['accuracy', 4],
      ['mcc', 4],
    ])
    expect(lines[0]!.value).toBe(0.75)
  })

  it('gives an interval on demand, the same for the same seed', async () => {
    const rows = Array.from({ length: 40 }, (_, i) => (i % 4 === 0 ? 'a' : 'b')).join('\n')
    const files = ['--predictions', write('p.txt', rows), '--references', write('r.txt', 'b\n'.repeat(40))]
    const score = async (seed: string) =>
      (await stub('score', '--metrics', 'accuracy', ...files, '--bootstrap', '200', '--seed', seed)).lines[0]!
    const line = await score('7')
    const { low, high } = line.interval as { low: number; high: number }
    expect([line.value, line.signature]).toEqual([0.75, 'accuracy|bs:200|seed:7'])
    expect(low).toBeGreaterThan(0.5)
    expect(low).toBeLessThan(0.75)
    expect(high).toBeGreaterThan(0.75)
    expect(await score('7')).toEqual(line)
    expect(await score('8')).not.toEqual(line)
  })

  it('takes the options of each metric, and says them in the signature', async () => {
    const predictions = write('p.txt', 'The cat sat on the mat.\nIt is a guide to ACTION, they say.\n')
    const references = write('r.txt', 'the cat sat on the mat.\nIt is a guide to action, they say.\n')
    const score = (...more: string[]) =>
      stub(
        'score',
        '--metrics',
        'bleu,chrf',
        '--predictions',
        predictions,
        '--references',
        references,
        ...more,
      )
    const plain = (await score()).lines
    expect((await score('--set', 'bleu.lowercase=false')).lines).toEqual(plain)
    const options = ['bleu.lowercase=true', 'bleu.tokenize=intl', 'chrf.word_order=2']
    const { lines } = await score(...options.flatMap((option) => ['--set', option]), '--bootstrap', '20')
    expect(lines[0]!.value).toBeCloseTo(100, 9)
    expect((lines[0]!.interval as { low: number }).low).toBeCloseTo(100, 9)
    expect(lines[0]!.signature).toContain('|case:lc|eff:no|tok:intl|')
    expect(lines[1]!.signature).toContain('chrF2++|')
    expect((await score('--set', 'bleu.tokenise=intl')).stderr).toContain('Did you mean tokenize?')
    expect((await score('--set', 'bleu.tokenize=13b')).stderr).toContain('bleu.tokenize: ')
    expect((await score('--set', 'ter.normalized=true')).stderr).toContain('--metrics has bleu, chrf')
    expect((await score('--set', 'lowercase=true')).code).toBe(2)
  })

  it('names what is wrong', async () => {
    const [short, long] = [write('p.txt', 'a\n'), write('r.txt', 'a\nb\n')]
    const score = (metrics: string, file: string) =>
      stub('score', '--metrics', metrics, '--predictions', file, '--references', long)
    expect((await score('accuracy', short)).stderr).toContain('1 predictions for 2 references')
    expect((await score('acuracy', long)).stderr).toContain('Did you mean accuracy')
    expect((await score('accuracy', join(home, 'absent.txt'))).code).toBe(2)
  })
})

describe('predict', () => {
  it('refuses pickles, strangers and rows it cannot read', async () => {
    const input = write('in.jsonl', '{"text":"a"}\n{"text":\n')
    write('config.json', '{}')
    write('pytorch_model.bin', '')
    expect((await stub('predict', '--model', home, '--input', input)).stderr).toMatch(/pickle.*safetensors/)
    expect((await stub('predict', '--model', 'nobody', '--input', input)).code).toBe(2)
    await stub('sample')
    const bad = await stub('predict', '--model', '1', '--input', input)
    expect([bad.code, bad.stdout, bad.stderr]).toEqual([2, '', expect.stringContaining('row 2')])
    const { lines } = await stub('predict', '--model', '1', '--input', write('good.txt', 'one\ntwo\n'))
    expect(lines).toEqual([
      { label: 'a', scores: { a: 0.75, b: 0.25 } },
      { label: 'a', scores: { a: 0.75, b: 0.25 } },
    ])
  })
})

describe('doctor and help', () => {
  it('say what this machine is', async () => {
    const { code, lines } = await stub('doctor', '--quick', '--json')
    expect([code, lines[0]!.home]).toEqual([0, home])
    expect(lines[0]!.providers).toContainEqual(expect.objectContaining({ name: 'cpu', available: true }))
  })

  it('show every command and its options', async () => {
    expect((await stub('--help')).stdout).toContain('bundle export RUN')
    expect((await stub('train', '--help')).stdout).toContain('--config run.json')
    expect((await stub('--version')).stdout).toBe('0.0.0\n')
    expect((await stub()).code).toBe(2)
  })

  it('refuse a data folder of a newer version, and one that cannot be written', async () => {
    const file = write('not-a-folder', '')
    const { code, stderr } = await tunesmith(['runs', 'list', '--home', file], { home })
    expect([code, stderr]).toEqual([1, expect.stringContaining('data folder cannot be written')])
  })
})
