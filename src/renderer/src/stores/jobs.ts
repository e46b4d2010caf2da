/** Jobs: imports, exports, measurements. Main tells every change; this keeps the latest of each. */
import { defineStore } from 'pinia'
import { computed, shallowReactive } from 'vue'
import type { Job } from '../../../shared/domain/job'
import { UserError } from '../../../shared/errors'
import type { JobId } from '../../../shared/ids'
import { ipc } from '../ipc'

export const useJobs = defineStore('jobs', () => {
  const byId = shallowReactive(new Map<JobId, Job>())
  const waiting = new Map<JobId, ((job: Job) => void)[]>()

  const jobs = computed(() => [...byId.values()].sort((a, b) => b.startedAtMs - a.startedAtMs))
  const running = computed(() => jobs.value.filter((job) => job.state === 'running'))

  function take(job: Job): void {
    byId.set(job.id, job)
    if (job.state === 'running') return
    for (const tell of waiting.get(job.id) ?? []) tell(job)
    waiting.delete(job.id)
  }

  async function load(): Promise<void> {
    ipc.app.onJob(take)
    for (const job of await ipc.app.jobs({})) take(job)
  }

  async function cancel(job: JobId): Promise<void> {
    await ipc.app.cancelJob({ job })
  }

  async function dismiss(job: JobId): Promise<void> {
    byId.delete(job)
    await ipc.app.dismissJob({ job })
  }

  /** Resolves with the finished job. @throws UserError when it failed or was cancelled. */
  async function finished(id: JobId): Promise<Job> {
    const known = byId.get(id)
    const job =
      known && known.state !== 'running'
        ? known
        : await new Promise<Job>((resolve) => waiting.set(id, [...(waiting.get(id) ?? []), resolve]))
    if (job.state === 'done') return job
    throw job.error
      ? UserError.from(job.error)
      : new UserError(job.state === 'cancelled' ? 'cancelled' : 'unsupported', `${job.title}: ${job.state}.`)
  }

  return { byId, jobs, running, load, cancel, dismiss, finished }
})
