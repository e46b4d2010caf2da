/** Copies made by several threads; a copy does not depend on who makes it, so they are the same for any number. */
import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import type { Share } from '../../augment/augment'
import type { Outcome } from '../../augment/make'
import { builtFile } from '../entryFile'
import type { FromThread, ThreadWork } from './thread'

const MOST = 4

export function usualThreads(): number {
  return Math.min(MOST, availableParallelism())
}

/** In the order of the plan. Leaving the loop early ends the threads. */
export async function* outcomesByThreads(work: ThreadWork, threads: number): AsyncGenerator<Outcome[]> {
  const makers = Array.from({ length: threads }, (_, index) => new Maker(work, { index, of: threads }))
  try {
    for (let turn = 0; ; turn++) {
      const outcomes = await makers[turn % threads]!.next()
      if (outcomes === null) return
      yield outcomes
    }
  } finally {
    await Promise.all(makers.map((maker) => maker.end()))
  }
}

/** One thread, and what it made that was not taken yet. */
class Maker {
  private readonly worker: Worker
  private readonly ready: FromThread[] = []
  private failure: Error | null = null
  private wake: () => void = () => undefined

  constructor(work: ThreadWork, share: Share) {
    this.worker = new Worker(builtFile('threadAugment.js'), { workerData: { work, share } })
    this.worker.on('message', (message: FromThread) => {
      this.ready.push(message)
      this.wake()
    })
    this.worker.on('error', (error) => {
      this.failure = error
      this.wake()
    })
    this.worker.on('exit', (code) => {
      if (code !== 0) this.failure ??= new Error(`a thread that makes copies ended with code ${code}`)
      this.wake()
    })
  }

  /** The next handful of its share; null at the end. */
  async next(): Promise<FromThread> {
    for (;;) {
      const outcomes = this.ready.shift()
      if (outcomes !== undefined) {
        if (outcomes !== null) this.worker.postMessage('taken')
        return outcomes
      }
      if (this.failure) throw this.failure
      await new Promise<void>((resolve) => (this.wake = resolve))
    }
  }

  async end(): Promise<void> {
    await this.worker.terminate()
  }
}
