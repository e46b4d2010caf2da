import type { history as contract } from '../../shared/ipc/history'
import type { Handlers } from '../../shared/ipc/define'
import type { Services } from '../services/create'

export function historyHandlers({ history }: Services): Handlers<typeof contract> {
  const nothing = (work: () => void): null => {
    work()
    return null
  }
  return {
    table: (query) => history.table(query),
    catalogue: () => history.catalogue(),
    annotations: ({ run }) => history.annotations(run),
    tag: ({ runs, add, remove }) => nothing(() => history.tag(runs, { add, remove })),
    note: ({ run, text }) => nothing(() => history.note(run, text)),
    archive: ({ runs, isArchived }) => nothing(() => history.archive(runs, isArchived)),
    frees: ({ runs }) => history.frees(runs),
    views: () => history.views(),
    saveView: (view) => history.saveView(view),
    deleteView: ({ id }) => nothing(() => history.deleteView(id)),
  }
}
