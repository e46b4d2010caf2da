import type { history as contract } from '../../shared/ipc/history'
import type { Handlers } from '../../shared/ipc/define'
import type { Services } from '../services/create'
import { writeFile } from '../services/userFile'
import type { Desktop } from './desktop'

export function historyHandlers({ history, report }: Services, desktop: Desktop): Handlers<typeof contract> {
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
    save: async ({ name, content, encoding }) => {
      const path = await desktop.chooseTarget(name)
      if (path !== null) writeFile(path, encoding === 'utf8' ? content : Buffer.from(content, 'base64'))
      return path
    },
    report: async ({ runs }) => {
      const path = await desktop.chooseTarget(runs.length === 1 ? 'run.html' : 'comparison.html')
      if (path !== null) writeFile(path, await report.html(runs, Date.now()))
      return path
    },
    deleteView: ({ id }) => nothing(() => history.deleteView(id)),
  }
}
