/** `data leaks`: planted leaks are all found, and go from train into a version that knows its recipe. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { nodeHost } from '../../../src/main/worker/nodeHost'
import { temporaryFolder } from '../store/temporary'
import { tunesmith } from './terminal'

const PLANTED = 40

/** Fifteen words that no other row has. */
function sentence(row: number): string {
  return Array.from({ length: 15 }, (_, i) => `w${row * 15 + i}`).join(' ')
}

it('finds every planted leak and removes the training rows', async () => {
  const home = temporaryFolder()
  const real = (...argv: string[]) => tunesmith([...argv, '--json'], { home, spawnWorker: nodeHost() })
  const path = join(home, 'planted.csv')
  const train = Array.from({ length: 300 }, (_, i) => `${sentence(i)},${i % 2 ? 'a' : 'b'},train`)
  const clean = Array.from({ length: 50 }, (_, i) => `${sentence(1000 + i)},b,validation`)
  const exact = Array.from({ length: PLANTED }, (_, i) => `  ${sentence(i).toUpperCase()},b,validation`)
  const near = Array.from({ length: PLANTED }, (_, i) => `${sentence(100 + i)} more,b,test`)
  writeFileSync(path, ['text,label,split', ...train, ...clean, ...exact, ...near].join('\n'))

  const { lines, code } = await real('data', 'leaks', path)
  expect(code).toBe(0)
  const report = lines[0] as { version: string; pairs: { held: string; against: string; counts: object }[] }
  const counts = Object.fromEntries(report.pairs.map((pair) => [`${pair.held} ${pair.against}`, pair.counts]))
  expect(counts['validation train']).toEqual({
    exact: PLANTED,
    near: 0,
    close: 0,
    gram13: PLANTED,
    gram8: PLANTED,
  })
  expect(counts['test train']).toMatchObject({ exact: 0, near: PLANTED, close: 0 })
  expect(counts['test validation']).toMatchObject({ exact: 0, near: 0, gram8: 0 })

  const run = [
    'train',
    ...['task=sequence-classification', `dataset.version=${report.version}`, 'max_steps=1'],
    ...['model.architecture=bert', 'model.config.hidden_size=8', 'model.config.num_hidden_layers=1'],
    ...['model.config.num_attention_heads=1', 'vocab_size=200'],
  ].flatMap((each, i) => (i === 0 ? [each] : ['--set', each]))
  const refused = await real(...run, '--refuse-leaks')
  expect(refused.code).toBe(2)
  expect(refused.stderr).toContain(`Of ${50 + PLANTED} validation rows, ${PLANTED} equal`)
  const warned = await real(...run)
  expect(warned, warned.stderr).toMatchObject({ code: 0 })
  expect(warned.stderr).toContain(`Of ${PLANTED} test rows, ${PLANTED} nearly equal`)
  expect(warned.stderr).toContain(`tunesmith data leaks ${report.version} --remove exact,near`)

  const removed = await real('data', 'leaks', report.version, '--remove', 'exact,near')
  expect(removed.lines[1]).toMatchObject({
    event: 'derived',
    number: 2,
    rows: { train: 300 - 2 * PLANTED, validation: 50 + PLANTED, test: PLANTED },
    rejected: 2 * PLANTED,
    source: { kind: 'derived', version: report.version, recipe: { kinds: ['exact', 'near'] } },
  })
  const again = await real('data', 'leaks', removed.lines[1]!.id as string, '--remove', 'exact')
  expect(again.lines[0]).toMatchObject({ trainRows: 0 })
  expect(again.code).toBe(2)
  expect(again.stderr).toMatch(/No training row matches/)
  expect((await real('data', 'leaks', path, '--remove', 'exakt')).stderr).toMatch(/Kinds are exact/)
}, 30_000)
