/** The text columns of every dataset: what a tokenizer can be trained on or measured on. */
import { shallowRef, watch } from 'vue'
import { formatCount } from '../../format/number'
import { useDatasets } from '../../stores/datasets'
import type { TextSource } from './parts/textSource'

const ROLES = ['text', 'text_pair']

export function useTextSources() {
  const datasets = useDatasets()
  const sources = shallowRef<TextSource[]>([])

  async function read(): Promise<void> {
    const found = await Promise.all(
      datasets.datasets.map(async ({ name, latest }) => {
        const { columns } = await datasets.profile(latest.id)
        return columns
          .filter(({ suggestedRole, type }) => ROLES.includes(suggestedRole ?? '') || type === 'text')
          .map(({ name: column }) => ({
            key: `${latest.id}/${column}`,
            version: latest.id,
            column,
            label: `${name}, ${column} (${formatCount(latest.rows.train)} rows)`,
            rows: latest.rows.train,
          }))
      }),
    )
    sources.value = found.flat()
  }
  watch(
    () => datasets.datasets.map(({ latest }) => latest.id).join(),
    () => void read(),
    { immediate: true },
  )
  return sources
}
