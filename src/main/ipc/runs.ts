import type { runs as contract } from '../../shared/ipc/runs'
import type { Handlers } from '../../shared/ipc/define'
import type { Services } from '../services/create'
import type { Desktop } from './desktop'

export function runHandlers({ runs }: Services, desktop: Desktop): Handlers<typeof contract> {
  const nothing = (work: () => void): null => {
    work()
    return null
  }
  return {
    list: () => runs.list(),
    show: ({ run }) => runs.show(run),
    series: ({ run, names, points }) => runs.series(run, names, points),
    check: ({ config }) => runs.check(config),
    recommend: ({ config }) => runs.recommend(config),
    estimate: ({ config }) => runs.estimate(config),
    lrFind: ({ config, sweep }) => runs.lrFind(config, sweep),
    start: ({ config }) => runs.start(config),
    resume: ({ run }) => nothing(() => runs.resume(run)),
    pause: ({ run }) => nothing(() => runs.pause(run)),
    unpause: ({ run }) => nothing(() => runs.unpause(run)),
    cancel: ({ run }) => nothing(() => runs.cancel(run)),
    moveInQueue: ({ run, before }) => nothing(() => runs.moveInQueue(run, before)),
    rename: ({ run, name }) => nothing(() => runs.rename(run, name)),
    delete: ({ run }) => runs.delete(run),
    script: ({ run }) => runs.script(run),
    async saveScript({ run }) {
      const path = await desktop.chooseTarget('train.py')
      return path === null ? null : runs.saveScript(run, path).id
    },
    predict: ({ run, texts }) => runs.predict(run, texts),
  }
}
