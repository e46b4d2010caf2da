/** The command line called as a function, with its streams caught and the stub worker behind it. */
import { runCli } from '../../../src/cli/run'
import type { SpawnWorker } from '../../../src/main/worker/protocol'
import { spawnStub } from '../services/stubHost'

export interface Called {
  code: number
  stdout: string
  stderr: string
  /** stdout, a JSON value a line. */
  lines: Record<string, unknown>[]
}

export interface CallOptions {
  home: string
  cwd?: string
  /** Receives a function that presses Ctrl-C. */
  onStart?: (interrupt: () => void) => void
  onStdout?: (text: string) => void
  /** The stub worker where left out. */
  spawnWorker?: SpawnWorker
}

export async function tunesmith(argv: readonly string[], options: CallOptions): Promise<Called> {
  let [stdout, stderr] = ['', '']
  const listeners = new Set<() => void>()
  options.onStart?.(() => {
    for (const listener of listeners) listener()
  })
  const code = await runCli(argv, {
    stdout: {
      write(text) {
        stdout += text
        options.onStdout?.(text)
      },
    },
    stderr: { write: (text) => (stderr += text) },
    cwd: options.cwd ?? options.home,
    env: { TUNESMITH_HOME: options.home },
    version: '0.0.0',
    spawnWorker: options.spawnWorker ?? spawnStub(),
    onInterrupt(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    exitNow: () => undefined,
  })
  return {
    code,
    stdout,
    stderr,
    get lines() {
      return stdout
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line) as Record<string, unknown>)
    },
  }
}
