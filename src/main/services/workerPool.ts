/** Workers for short tasks: an idle one is kept a while for the next task. A run gets a process of its own. */
import { ENTRY_OF } from '../worker/entries'
import type { SpawnWorker, Task, TaskKind, WorkerEntry } from '../worker/protocol'
import type { Limits } from './context'
import type { Log } from './log'
import { SupervisedWorker, type RunningTask, type TaskListeners } from './supervisor'

export class WorkerPool {
  private readonly idle = new Map<WorkerEntry, SupervisedWorker>()
  private readonly all = new Set<SupervisedWorker>()
  private readonly timers = new Map<SupervisedWorker, NodeJS.Timeout>()

  constructor(
    private readonly spawn: SpawnWorker,
    private readonly limits: Limits,
    private readonly log: Log,
  ) {}

  /** Starts a process that nothing else will use; the caller closes it. */
  open(entry: WorkerEntry): SupervisedWorker {
    const worker = new SupervisedWorker(this.spawn, entry, this.limits, this.log)
    for (const known of this.all) if (!known.isAlive) this.all.delete(known)
    this.all.add(worker)
    return worker
  }

  run<K extends TaskKind>(task: Extract<Task, { kind: K }>, listeners?: TaskListeners): RunningTask<K> {
    const entry = ENTRY_OF[task.kind]
    const worker = this.take(entry)
    const running = worker.run<K>(task, listeners)
    void running.finished.then(() => this.putBack(entry, worker))
    return running
  }

  close(): void {
    for (const timer of this.timers.values()) clearTimeout(timer)
    for (const worker of this.all) worker.close()
    this.all.clear()
    this.idle.clear()
  }

  private take(entry: WorkerEntry): SupervisedWorker {
    const worker = this.idle.get(entry)
    this.idle.delete(entry)
    if (!worker?.isAlive) return this.open(entry)
    clearTimeout(this.timers.get(worker))
    this.timers.delete(worker)
    return worker
  }

  private putBack(entry: WorkerEntry, worker: SupervisedWorker): void {
    if (!worker.isAlive || !this.all.has(worker)) return
    if (this.idle.has(entry)) {
      worker.close()
      return
    }
    this.idle.set(entry, worker)
    const timer = setTimeout(() => {
      if (this.idle.get(entry) === worker) this.idle.delete(entry)
      this.timers.delete(worker)
      worker.close()
    }, this.limits.idleMs)
    this.timers.set(worker, timer)
  }
}
