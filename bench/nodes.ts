/**
 * Where the time of one training graph goes, operator by operator: `npx jiti bench/nodes.ts [rows] [tokens] [dropout]`.
 * One thread; each node counts with its best time, so a busy machine disturbs little.
 */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { trainingGraph } from '../src/main/engine/passes/trainingGraph'
import { Session } from '../src/main/engine/runtime/session'
import { encoderGraph, SIX_BY_384 } from './encoder'
import { flopsOf } from './flops'
import { profileRows } from './profile'
import { inputsOf, outputsOf } from './tensors'

const RUNS = 10
const [rows = 8, tokens = 128, dropout = 0.1] = process.argv.slice(2).map(Number)
const { graph } = trainingGraph(encoderGraph({ ...SIX_BY_384, rows, tokens, dropout }))
const folder = mkdtempSync(join(tmpdir(), 'nodes-'))
try {
  const session = await Session.create(graph, {
    numThreads: 1,
    keepMemory: true,
    profilePrefix: join(folder, 'profile'),
  })
  const idsBelow = { input_ids: SIX_BY_384.vocabulary, token_type_ids: 2, labels: SIX_BY_384.classes }
  const binding = session.bind(inputsOf(graph, idsBelow), outputsOf(graph))
  for (let run = 0; run < RUNS; run++) await binding.run()
  session.endProfiling()
  const table = profileRows(join(folder, readdirSync(folder)[0]!))
  const total = table.reduce((sum, row) => sum + row.milliseconds, 0)
  const rate = flopsOf(graph) / total / 1e6
  process.stdout.write(
    `${graph.nodes.length} nodes, ${total.toFixed(1)} ms in kernels, ${rate.toFixed(1)} GFLOP/s of products\n`,
  )
  for (const { key, count, milliseconds } of table) {
    const share = ((100 * milliseconds) / total).toFixed(1)
    process.stdout.write(
      `${key.padEnd(22)}${String(count).padStart(5)}${milliseconds.toFixed(2).padStart(10)} ms${share.padStart(7)} %\n`,
    )
  }
  await session.release()
} finally {
  rmSync(folder, { recursive: true })
}
