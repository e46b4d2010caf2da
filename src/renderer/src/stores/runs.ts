/** The history: one summary a run, kept current by main's events, also for runs of the command line. */
import { defineStore } from 'pinia'
import { computed, shallowReactive } from 'vue'
import type { RunEvent, RunState, RunSummary } from '../../../shared/domain/run'
import type { UserErrorData } from '../../../shared/errors'
import type { RunId } from '../../../shared/ids'
import { ipc } from '../ipc'

export type RunProgress = Extract<RunEvent, { event: 'progress' }>
export type RunPreparation = Extract<RunEvent, { event: 'prepare' }>

export const ACTIVE_STATES: readonly RunState[] = ['queued', 'preparing', 'running', 'paused']

export const useRuns = defineStore('runs', () => {
  const byId = shallowReactive(new Map<RunId, RunSummary>())
  const progress = shallowReactive(new Map<RunId, RunProgress>())
  const preparation = shallowReactive(new Map<RunId, RunPreparation>())
  const problems = shallowReactive(new Map<RunId, UserErrorData>())

  const runs = computed(() => [...byId.values()].sort((a, b) => b.createdAtMs - a.createdAtMs))
  /** Runs that wait, the next one first. */
  const queue = computed(() =>
    runs.value
      .filter((run) => run.state === 'queued')
      .sort((a, b) => a.queuedAtMs - b.queuedAtMs || a.number - b.number),
  )
  const active = computed(() => runs.value.filter((run) => ACTIVE_STATES.includes(run.state)))

  async function load(): Promise<void> {
    ipc.runs.onChanged((run) => byId.set(run.id, run))
    ipc.runs.onDeleted(({ run }) => byId.delete(run))
    ipc.runs.onProblem(({ run, error }) => problems.set(run, error))
    ipc.runs.onEvents(({ run, events }) => {
      for (const event of events) {
        if (event.event === 'progress') progress.set(run, event)
        else if (event.event === 'prepare') preparation.set(run, event)
      }
    })
    for (const run of await ipc.runs.list({})) byId.set(run.id, run)
  }

  /** Part of the work that is done, 0–1; null while that is not known. */
  function doneShare(run: RunSummary): number | null {
    if (run.state === 'preparing' || run.state === 'queued') {
      const stage = preparation.get(run.id)
      return stage && stage.total > 0 ? stage.done / stage.total : null
    }
    const step = progress.get(run.id)?.step ?? run.step
    return run.totalSteps ? Math.min(1, Math.max(step, run.step) / run.totalSteps) : null
  }

  const start = (config: Record<string, unknown>): Promise<RunId> => ipc.runs.start({ config })
  const resume = (run: RunId): Promise<null> => ipc.runs.resume({ run })
  const pause = (run: RunId): Promise<null> => ipc.runs.pause({ run })
  const unpause = (run: RunId): Promise<null> => ipc.runs.unpause({ run })
  const cancel = (run: RunId): Promise<null> => ipc.runs.cancel({ run })
  const moveInQueue = (run: RunId, before: RunId | null): Promise<null> =>
    ipc.runs.moveInQueue({ run, before })
  const rename = (run: RunId, name: string): Promise<null> => ipc.runs.rename({ run, name })

  async function remove(run: RunId): Promise<number> {
    const { freedBytes } = await ipc.runs.delete({ run })
    byId.delete(run)
    return freedBytes
  }

  return {
    byId,
    runs,
    active,
    queue,
    progress,
    preparation,
    problems,
    load,
    doneShare,
    start,
    resume,
    pause,
    unpause,
    cancel,
    moveInQueue,
    rename,
    remove,
  }
})
