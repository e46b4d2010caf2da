import type { studies as contract } from '../../shared/ipc/studies'
import type { Handlers } from '../../shared/ipc/define'
import type { Services } from '../services/create'

export function studyHandlers({ studies }: Services): Handlers<typeof contract> {
  const nothing = (work: () => void): null => {
    work()
    return null
  }
  return {
    list: () => studies.list(),
    show: ({ study }) => studies.show(study),
    check: ({ config }) => studies.check(config),
    importance: ({ study, evaluator }) => studies.importance(study, evaluator),
    start: ({ config }) => studies.start(config),
    resume: ({ study }) => nothing(() => studies.resume(study)),
    cancel: ({ study }) => nothing(() => studies.cancel(study)),
    delete: ({ study }) => nothing(() => studies.delete(study)),
    configOf: ({ study, trial }) => studies.configOf(study, trial),
  }
}
