/**
 * Runs that are looked at: their detail and curves. Steps are appended as they come and shown at most ten times a
 * second; everything else of a run is read again from main when one of its events says that it changed.
 */
import { defineStore } from 'pinia'
import { shallowReactive } from 'vue'
import type { RunDetail, RunEvent, StepMetrics } from '../../../shared/domain/run'
import type { UserErrorData } from '../../../shared/errors'
import type { RunId } from '../../../shared/ids'
import { appendSteps, CURVES, curvesOf, mergeTail, type Curves } from '../curves/live'
import { errorData } from '../format/errorData'
import { ipc } from '../ipc'

export interface OpenRun {
  detail: RunDetail | null
  curves: Curves
  lastStep: StepMetrics | null
  error: UserErrorData | null
}

const FLUSH_MS = 100
const REREAD_MS = 250
const POINTS = 1500
/** Beyond this many appended points the curve is read again, thinned. */
const MOST_POINTS = 4000

export const useOpenRuns = defineStore('openRuns', () => {
  const open = shallowReactive(new Map<RunId, OpenRun>())
  const viewers = new Map<RunId, number>()
  const pending = new Map<RunId, StepMetrics[]>()
  const rereads = new Map<RunId, ReturnType<typeof setTimeout>>()
  let flushTimer: ReturnType<typeof setTimeout> | null = null

  function listen(): void {
    ipc.runs.onEvents(({ run, events }) => {
      if (open.has(run)) take(run, events)
    })
    ipc.runs.onChanged((summary) => {
      const entry = open.get(summary.id)
      if (entry?.detail) open.set(summary.id, { ...entry, detail: { ...entry.detail, ...summary } })
      if (entry && entry.detail?.state !== summary.state) readAgainSoon(summary.id)
    })
    ipc.runs.onDeleted(({ run }) => open.delete(run))
  }

  function take(run: RunId, events: RunEvent[]): void {
    for (const event of events) {
      if (event.event === 'step') pending.set(run, [...(pending.get(run) ?? []), event])
      else if (event.event !== 'progress' && event.event !== 'prepare') readAgainSoon(run)
    }
    flushTimer ??= setTimeout(flush, FLUSH_MS)
  }

  function flush(): void {
    flushTimer = null
    for (const [run, steps] of pending) {
      const entry = open.get(run)
      if (!entry) continue
      const curves = appendSteps(entry.curves, steps)
      open.set(run, { ...entry, curves, lastStep: steps.at(-1)! })
      if (curves.loss.steps.length > MOST_POINTS) void readCurves(run)
    }
    pending.clear()
  }

  function readAgainSoon(run: RunId): void {
    if (rereads.has(run)) return
    const timer = setTimeout(() => {
      rereads.delete(run)
      void readDetail(run)
    }, REREAD_MS)
    rereads.set(run, timer)
  }

  async function readDetail(run: RunId): Promise<void> {
    try {
      const detail = await ipc.runs.show({ run })
      const entry = open.get(run)
      if (entry) open.set(run, { ...entry, detail, error: null })
    } catch (error) {
      const entry = open.get(run)
      if (entry) open.set(run, { ...entry, error: errorData(error) })
    }
  }

  async function readCurves(run: RunId): Promise<void> {
    try {
      const series = await ipc.runs.series({ run, names: [...CURVES], points: POINTS })
      const entry = open.get(run)
      if (entry) open.set(run, { ...entry, curves: mergeTail(curvesOf(series), entry.curves) })
    } catch (error) {
      const entry = open.get(run)
      if (entry) open.set(run, { ...entry, error: errorData(error) })
    }
  }

  /** Holds a run open until `release`; several viewers may share one. */
  function acquire(run: RunId): void {
    viewers.set(run, (viewers.get(run) ?? 0) + 1)
    if (!open.has(run)) open.set(run, { detail: null, curves: curvesOf([]), lastStep: null, error: null })
    void readDetail(run)
    void readCurves(run)
  }

  function release(run: RunId): void {
    const left = (viewers.get(run) ?? 1) - 1
    if (left > 0) return void viewers.set(run, left)
    viewers.delete(run)
    open.delete(run)
    pending.delete(run)
  }

  return { open, listen, acquire, release }
})
