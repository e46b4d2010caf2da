/** What the chosen tokenizers make of the typed text, of one word, and of a dataset's training split. */
import { computed, ref, shallowRef } from 'vue'
import type { ShownToken, TokenizerStatistics, WordSteps } from '../../../../shared/domain/tokenizer'
import type { DatasetVersionId, TokenizerId } from '../../../../shared/ids'
import type { LineSeries } from '../../components/charts/series'
import { useAction } from '../../composables/useAction'
import { useDebounced } from '../../composables/useDebounced'
import { useTokenizers } from '../../stores/tokenizers'
import { LETTERS, seriesToken } from './parts/letters'
import type { TextSource } from './parts/textSource'

interface Shown {
  lines: ShownToken[][]
  steps: WordSteps[]
}

const MOST_LINES = 100

export function useComparison(source: () => TextSource | undefined) {
  const tokenizers = useTokenizers()
  const text = ref('')
  const word = ref('')
  const withSpecials = ref(true)
  const maxLength = ref('128')
  const shown = shallowRef(new Map<TokenizerId, Shown>())
  const statistics = shallowRef(new Map<TokenizerId, TokenizerStatistics>())

  const asked = computed(() => ({
    ids: tokenizers.chosen.map(({ id }) => id),
    lines: text.value.split('\n').slice(0, MOST_LINES),
    stepsOf: word.value.trim() || null,
    withSpecials: withSpecials.value,
  }))
  const reading = useAction(async () => {
    const now = asked.value
    const found = await Promise.all(
      now.ids.map(async (id): Promise<[TokenizerId, Shown]> => [
        id,
        await tokenizers.tokenize(id, now.lines, now.withSpecials, now.stepsOf),
      ]),
    )
    shown.value = new Map(found)
    if (asked.value !== now) setTimeout(() => void reading.run())
  })
  useDebounced(asked, () => void reading.run(), 120)

  const counted = computed(() => ({
    ids: tokenizers.chosen.map(({ id }) => id),
    source: source(),
    most: Number(maxLength.value),
  }))
  const counting = useAction(async () => {
    const now = counted.value
    if (!now.source || !Number.isInteger(now.most) || now.most < 1) return
    statistics.value = new Map()
    for (const id of now.ids) {
      const version = now.source.version as DatasetVersionId
      const found = await tokenizers.statistics(id, version, now.source.column, now.most)
      statistics.value = new Map(statistics.value).set(id, found)
    }
    if (counted.value !== now) setTimeout(() => void counting.run())
  })
  useDebounced(counted, () => void counting.run(), 300)

  const columns = computed(() =>
    tokenizers.chosen.flatMap((tokenizer) => {
      const found = statistics.value.get(tokenizer.id)
      return found ? [{ tokenizer, statistics: found }] : []
    }),
  )
  /** Rows by their length, up to twice the longest of 95 %. */
  const lengthSeries = computed<LineSeries[]>(() =>
    columns.value.map(({ tokenizer, statistics: { rowsOfLength, percentile95 } }, i) => {
      const end = Math.min(rowsOfLength.length, Math.ceil(percentile95 * 2))
      const label = `${LETTERS[i]} ${tokenizer.name}`
      const x = Array.from({ length: end }, (_, n) => n)
      return { label, token: seriesToken(i), x, y: rowsOfLength.slice(0, end) }
    }),
  )

  return { text, word, withSpecials, maxLength, shown, reading, counting, columns, lengthSeries }
}
