/** How fast a run goes: rates between log lines, time left, peak memory. */
import type { RunEvent } from '../../../shared/domain/run'

const PROGRESS_EVERY_MS = 400

export class Pace {
  readonly #now: () => number
  readonly #startedMs: number
  readonly #secondsBefore: number
  readonly #rowsBefore: number
  #rows = 0
  #window = { ms: 0, rows: 0, tokens: 0 }
  #stepMs = 0
  #evaluationMs: number | undefined
  #lastProgressMs = -Infinity
  #lastProgressStep = -1

  /** `before`: what earlier parts of the run took. */
  constructor(now: () => number, before: { trainSeconds: number; rowsSeen: number }) {
    this.#now = now
    this.#startedMs = now()
    this.#secondsBefore = before.trainSeconds
    this.#rowsBefore = before.rowsSeen
  }

  /** Of a step, smoothed; 0 before the first. */
  get stepMs(): number {
    return this.#stepMs
  }

  /** Of the last evaluation; undefined before the first. */
  get evaluationMs(): number | undefined {
    return this.#evaluationMs
  }

  now(): number {
    return this.#now()
  }

  step(ms: number, rows: number, tokens: number): void {
    this.#rows += rows
    this.#window.ms += ms
    this.#window.rows += rows
    this.#window.tokens += tokens
    this.#stepMs = this.#stepMs === 0 ? ms : 0.9 * this.#stepMs + 0.1 * ms
  }

  evaluation(ms: number): void {
    this.#evaluationMs = ms
  }

  /** Rates since the last call. */
  takeRates(): { samples_per_second: number; tokens_per_second: number } {
    const { ms, rows, tokens } = this.#window
    this.#window = { ms: 0, rows: 0, tokens: 0 }
    const seconds = Math.max(ms, 1e-3) / 1000
    return { samples_per_second: rows / seconds, tokens_per_second: tokens / seconds }
  }

  /** Seconds and rows of the whole run, earlier parts included. */
  totals(): { trainSeconds: number; rowsSeen: number } {
    return {
      trainSeconds: this.#secondsBefore + (this.#now() - this.#startedMs) / 1000,
      rowsSeen: this.#rowsBefore + this.#rows,
    }
  }

  /** A progress event, at most every 0.4 s and at the last step; `undefined` in between. */
  progress(
    step: number,
    totalSteps: number,
    epoch: number,
    evaluationsLeft: number,
  ): Extract<RunEvent, { event: 'progress' }> | undefined {
    const now = this.#now()
    const hasArrived = step >= totalSteps && this.#lastProgressStep < totalSteps
    if (now - this.#lastProgressMs < PROGRESS_EVERY_MS && !hasArrived) return undefined
    this.#lastProgressMs = now
    this.#lastProgressStep = step
    const seconds = Math.max((now - this.#startedMs) / 1000, 1e-3)
    const leftMs = this.#stepMs * (totalSteps - step) + (this.#evaluationMs ?? 0) * evaluationsLeft
    return {
      event: 'progress',
      step,
      total_steps: totalSteps,
      epoch,
      samples_per_second: this.#rows / seconds,
      seconds_left: this.#stepMs === 0 ? null : leftMs / 1000,
      rss_bytes: process.memoryUsage.rss(),
    }
  }
}

/** The most memory this process ever held. */
export function peakRssBytes(): number {
  return process.resourceUsage().maxRSS * 1024
}
