// A worker that keeps the protocol and computes nothing: behaviour comes from the environment (STUB) or from the
// run's name, so that each way a worker can live and die is a real process doing it.
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const say = (message) => process.send(message)
const emit = (event) => say({ type: 'event', event })
const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms))

let isCancelled = false
let isPaused = false
let stopReason = null

process.on('disconnect', () => process.exit(0))
process.on('SIGINT', () => undefined)
process.on('message', (message) => {
  if (message.type === 'task') void work(message.task)
  if (message.type === 'cancel') isCancelled = true
  if (message.type === 'stop') stopReason = message.reason
  if (message.type === 'pause' || message.type === 'unpause') {
    isPaused = message.type === 'pause'
    emit({ event: 'state', state: isPaused ? 'paused' : 'running' })
  }
  if (message.type === 'exit') process.exit(0)
})

if (process.env.STUB === 'dies-at-start') process.exit(3)
say({ type: 'ready' })

async function work(task) {
  try {
    const result = await (task.kind === 'run' ? run(task) : other(task))
    say({ type: 'done', kind: task.kind, result })
  } catch (error) {
    say({
      type: 'failed',
      error: error.data ?? { code: 'environment', message: error.message },
      bug: !error.data,
    })
  }
}

function userError(code, message) {
  return Object.assign(new Error(message), { data: { code, message } })
}

async function other(task) {
  switch (task.kind) {
    case 'import': {
      if (task.source.kind === 'text' && task.source.text === 'slow')
        for (let i = 0; i < 1000; i++) {
          say({ type: 'progress', done: i, total: 1000, unit: 'rows' })
          await wait(20)
          if (isCancelled) throw userError('cancelled', 'Cancelled.')
        }
      if (task.source.kind === 'text' && task.source.text === 'broken')
        throw userError('bad-input', 'Row 3 is broken.')
      if (task.source.kind === 'text' && task.source.text === 'dies') process.kill(process.pid, 'SIGKILL')
      writeFileSync(task.outputFile, 'sealed')
      const text = JSON.stringify(task.source)
      return {
        rows: { train: 90, validation: 10, test: 0 },
        rejected: 0,
        sha256: `sha of ${text}`,
        sizeBytes: 6,
        source:
          task.source.kind === 'sample'
            ? { kind: 'sample', name: task.source.name }
            : { kind: 'file', path: '/data/letters.csv', format: 'csv', encoding: 'utf-8' },
        splitRule: 'as the file says',
      }
    }
    case 'profile':
      return {
        duplicates: 0,
        warnings: [],
        columns: [column('text', 'text', 100), column('label', 'label', 2)],
      }
    case 'inspect':
      return { path: task.modelDir, architecture: 'bert', summary: 'stub', labels: [], hasTokenizer: true }
    case 'predict':
      return {
        predictions: task.rows.map(({ text }) => ({ text, label: 'a', scores: { a: 0.75, b: 0.25 } })),
      }
    case 'export':
      mkdirSync(task.outputDir, { recursive: true })
      writeFileSync(join(task.outputDir, 'config.json'), '{}')
      return {
        sizeBytes: 2,
        sha256: 'abc',
        parity: [{ file: 'onnx/model.onnx', maxAbsDiff: 0, rows: 1, passed: true, note: null }],
      }
    default:
      throw new Error(`the stub does not do ${task.kind}`)
  }
}

function column(name, role, distinct) {
  return {
    name,
    type: role === 'label' ? 'category' : 'text',
    suggestedRole: role,
    suggestedBecause: 'it says so',
    empty: 0,
    distinct,
    characters: null,
    words: { min: 1, median: 10, p95: 20, max: 30 },
    values:
      role === 'label'
        ? [
            { value: 'a', count: 50, bySplit: {} },
            { value: 'b', count: 40, bySplit: {} },
          ]
        : [],
  }
}

async function run(task) {
  const mode = task.config.run_name ?? 'completes'
  const total = mode === 'long' ? 2000 : 20
  const [newest] = task.resumeFrom
  const first = newest ? Number(/(\d+)$/.exec(newest)[1]) : 0
  emit({ event: 'prepare', stage: 'tokenizer', done: 1, total: 1 })
  if (mode === 'hangs') for (;;) await wait(1000)
  emit({ event: 'state', state: 'running' })
  emit({
    event: 'start',
    run: task.runId,
    total_steps: total,
    trainable_parameters: 10,
    total_parameters: 12,
    ...facts,
  })
  if (mode === 'garbage') {
    say('not a message')
    say({ type: 'nonsense' })
    emit({ event: 'step', step: 1, epoch: {}, loss: [], grad_norm: 'x' })
  }
  // A trial is as good as its learning rate is near 1e-3.
  const quality = task.isTrial ? 1 / (1 + Math.abs(Math.log10(task.config.learning_rate) + 3)) : 1
  for (let step = first + 1; step <= total; step++) {
    await wait(5)
    while (isPaused && !isCancelled) await wait(5)
    const loss = mode === 'diverges' && step === 7 ? NaN : 1 / step
    const speed = { tokens_per_second: 1000 * Math.random(), samples_per_second: 100 * Math.random() }
    emit({ event: 'step', step, epoch: step / 10, loss, grad_norm: 1, learning_rate: 1e-3, ...speed })
    emit({
      event: 'progress',
      step,
      total_steps: total,
      epoch: step / 10,
      seconds_left: 1,
      rss_bytes: 1e8,
      ...speed,
    })
    if (Number.isNaN(loss)) throw userError('diverged', 'The loss became NaN at step 7.')
    if (step % 5 === 0) save(task, step)
    if (step % 10 === 0)
      emit({
        event: 'evaluate',
        step,
        epoch: step / 10,
        metrics: { loss: 1 / step, accuracy: quality * (1 - 1 / step) },
      })
    if (mode === 'dies' && step === 12 && first === 0) process.kill(process.pid, 'SIGKILL')
    if (mode === 'out-of-memory' && step === 7)
      throw userError('out-of-memory', 'The memory of this machine does not hold this.')
    if (mode === 'exits' && step === 12) process.exit(7)
    // The judge of a trial may be slow to answer.
    for (let i = 0; task.isTrial && step === 10 && stopReason === null && i < 40; i++) await wait(5)
    if (stopReason !== null) return finish(task, 'stopped', quality, stopReason)
    if (isCancelled) {
      save(task, step)
      return finish(task, 'cancelled', quality)
    }
  }
  mkdirSync(join(task.runDir, 'model'), { recursive: true })
  writeFileSync(join(task.runDir, 'model', 'config.json'), '{}')
  writeFileSync(join(task.runDir, 'model', 'model.safetensors'), '')
  return finish(task, 'completed', quality)
}

const facts = {
  labels: ['a', 'b'],
  train_rows: 90,
  validation_rows: 10,
  provider: 'cpu',
  num_threads: 1,
  data_sha256: 'x',
  tokenizer_sha256: 'y',
}

function save(task, step) {
  const path = join(task.runDir, 'checkpoints', `checkpoint-${step}`)
  mkdirSync(path, { recursive: true })
  for (const name of ['config.json', 'model.safetensors', 'manifest.json'])
    writeFileSync(join(path, name), '{}')
  emit({ event: 'checkpoint', step, path, kind: 'saved', size_bytes: 2, is_best: true, metrics: null })
}

function finish(task, state, quality, reason) {
  emit({
    event: 'end',
    run: task.runId,
    state,
    ...(reason && { reason }),
    metrics: { loss: 0.1, accuracy: task.isTrial ? quality : 0.9 },
    train_samples_per_second: 100,
    train_runtime_seconds: 1,
    peak_rss_bytes: 1e8,
    output_dir: task.runDir,
  })
  return { state }
}
