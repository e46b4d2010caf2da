import type { datasets as contract } from '../../shared/ipc/datasets'
import type { Handlers } from '../../shared/ipc/define'
import type { Services } from '../services/create'
import type { Desktop } from './desktop'

export function datasetHandlers({ datasets }: Services, desktop: Desktop): Handlers<typeof contract> {
  return {
    list: () => datasets.list(),
    importFile: ({ path, name, split, settings }) =>
      datasets.import({ kind: 'file', path, ...(settings && { settings }) }, name, split).id,
    importText: ({ text, name, split, settings }) =>
      datasets.import({ kind: 'text', text, ...(settings && { settings }) }, name, split).id,
    importSample: ({ sample }) => datasets.import({ kind: 'sample', name: sample }, null, null).id,
    chooseFile: () => desktop.chooseFile(),
    profile: ({ version }) => datasets.profile(version),
    rows: (query) => datasets.rows(query),
    rejected: ({ version }) => datasets.rejected(version),
    saveRejected: async ({ version }) => {
      const path = await desktop.chooseTarget('rejected.jsonl')
      if (path !== null) datasets.saveRejected(version, path)
      return path
    },
    derive: ({ version, recipe }) => datasets.derive(version, recipe).id,
    delete: ({ dataset }) => datasets.delete(dataset),
  }
}
