/** Datasets: the list, the profile of each opened version, and the ways to bring one in. */
import { defineStore } from 'pinia'
import { computed, shallowReactive } from 'vue'
import type { Dataset, DatasetProfile, RejectedRow, RowsPage, Split } from '../../../shared/domain/dataset'
import type { Derivation } from '../../../shared/domain/derivation'
import type { DatasetId, DatasetVersionId, JobId } from '../../../shared/ids'
import type { SplitRule } from '../../../shared/ipc/datasets'
import { ipc, pathOfDroppedFile } from '../ipc'

export const useDatasets = defineStore('datasets', () => {
  const byId = shallowReactive(new Map<DatasetId, Dataset>())
  const profiles = shallowReactive(new Map<DatasetVersionId, DatasetProfile>())

  const datasets = computed(() => [...byId.values()].sort((a, b) => b.createdAtMs - a.createdAtMs))

  async function load(): Promise<void> {
    ipc.datasets.onChanged((dataset) => byId.set(dataset.id, dataset))
    ipc.datasets.onDeleted(({ dataset }) => byId.delete(dataset))
    for (const dataset of await ipc.datasets.list({})) byId.set(dataset.id, dataset)
  }

  function datasetOf(version: string): Dataset | undefined {
    return datasets.value.find(({ versions }) => versions.some(({ id }) => id === version))
  }

  /** Every version, as a list of choices: the newest dataset first. */
  const choices = computed(() =>
    datasets.value.flatMap(({ name, versions }) =>
      versions.map((version) => ({
        id: version.id,
        label: [`${name}, version ${version.number}`, version.madeBy]
          .filter((part) => part !== null)
          .join(': '),
        train: version.rows.train,
      })),
    ),
  )

  /** Versions never change, so a profile is read once. */
  async function profile(version: DatasetVersionId): Promise<DatasetProfile> {
    const known = profiles.get(version)
    if (known) return known
    const read = await ipc.datasets.profile({ version })
    profiles.set(version, read)
    return read
  }

  function rows(
    version: DatasetVersionId,
    query: { offset: number; limit: number; split: Split | null; search: string },
  ): Promise<RowsPage> {
    return ipc.datasets.rows({ version, ...query })
  }

  function rejected(version: DatasetVersionId): Promise<RejectedRow[]> {
    return ipc.datasets.rejected({ version })
  }

  /** The file the rejected rows went to; null where the dialog was closed. */
  function saveRejected(version: DatasetVersionId): Promise<string | null> {
    return ipc.datasets.saveRejected({ version })
  }

  function derive(version: DatasetVersionId, recipe: Derivation): Promise<JobId> {
    return ipc.datasets.derive({ version, recipe })
  }

  /** `split` null: as the file says, else the usual tenth for validation. */
  function importFile(
    path: string,
    name: string | null = null,
    split: SplitRule | null = null,
  ): Promise<JobId> {
    return ipc.datasets.importFile({ path, name, split })
  }

  const importDropped = (file: File): Promise<JobId> => importFile(pathOfDroppedFile(file))

  function importText(text: string, name: string | null): Promise<JobId> {
    return ipc.datasets.importText({ text, name, split: null })
  }

  function importSample(): Promise<JobId> {
    return ipc.datasets.importSample({ sample: 'semantic-fields' })
  }

  /** Asks for a file and imports it; null when the dialog was closed. */
  async function importByDialog(): Promise<JobId | null> {
    const path = await ipc.datasets.chooseFile({})
    return path === null ? null : importFile(path)
  }

  async function remove(dataset: DatasetId): Promise<number> {
    const { freedBytes } = await ipc.datasets.delete({ dataset })
    byId.delete(dataset)
    return freedBytes
  }

  return {
    byId,
    datasets,
    profiles,
    load,
    datasetOf,
    choices,
    profile,
    rows,
    rejected,
    saveRejected,
    derive,
    importFile,
    importDropped,
    importText,
    importSample,
    importByDialog,
    remove,
  }
})
