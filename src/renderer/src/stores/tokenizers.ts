/** Tokenizers: the list, which ones are looked at side by side, and what they say of texts and datasets. */
import { defineStore } from 'pinia'
import { computed, ref, shallowRef } from 'vue'
import type {
  ShownToken,
  TokenizerStatistics,
  TokenizerSummary,
  WordSteps,
} from '../../../shared/domain/tokenizer'
import type { DatasetVersionId, JobId, TokenizerId } from '../../../shared/ids'
import { ipc } from '../ipc'
import { useJobs } from './jobs'

/** More columns than this cannot be read side by side. */
export const MOST_COMPARED = 3

export const useTokenizers = defineStore('tokenizers', () => {
  const all = shallowRef<TokenizerSummary[]>([])
  const chosenIds = ref<TokenizerId[]>([])
  /** In the order they were chosen: A, B, C. */
  const chosen = computed(() =>
    chosenIds.value.flatMap((id) => all.value.find((tokenizer) => tokenizer.id === id) ?? []),
  )

  async function load(): Promise<void> {
    all.value = await ipc.tokenizers.list({})
    const first = all.value[0]
    if (chosen.value.length === 0 && first) chosenIds.value = [first.id]
  }

  function keepCurrent(): void {
    ipc.app.onJob((job) => {
      if (job.kind === 'tokenizer' && job.state === 'done') void load()
    })
  }

  function toggle(id: TokenizerId): void {
    const others = chosenIds.value.filter((each) => each !== id)
    if (others.length === chosenIds.value.length) chosenIds.value = [...others, id].slice(-MOST_COMPARED)
    else if (others.length > 0) chosenIds.value = others
  }

  async function addFolder(path: string): Promise<void> {
    const added = await ipc.tokenizers.addFolder({ path })
    await load()
    if (!chosenIds.value.includes(added.id)) toggle(added.id)
  }

  type TrainInput = Parameters<typeof ipc.tokenizers.train>[0]
  /** Resolves when it is trained and on the list. */
  async function train(input: TrainInput): Promise<void> {
    const job: JobId = await ipc.tokenizers.train(input)
    const { result } = await useJobs().finished(job)
    await load()
    const id = result?.tokenizer as TokenizerId | undefined
    if (id && !chosenIds.value.includes(id)) toggle(id)
  }

  async function remove(id: TokenizerId): Promise<void> {
    await ipc.tokenizers.delete({ tokenizer: id })
    chosenIds.value = chosenIds.value.filter((each) => each !== id)
    await load()
  }

  const chooseFolder = (): Promise<string | null> => ipc.tokenizers.chooseFolder({})
  const tokenize = (
    tokenizer: TokenizerId,
    lines: string[],
    addSpecialTokens: boolean,
    stepsOf: string | null,
  ): Promise<{ lines: ShownToken[][]; steps: WordSteps[] }> =>
    ipc.tokenizers.tokenize({ tokenizer, lines, addSpecialTokens, stepsOf })
  const statistics = (
    tokenizer: TokenizerId,
    version: DatasetVersionId,
    column: string,
    maxLength: number,
  ): Promise<TokenizerStatistics> => ipc.tokenizers.statistics({ tokenizer, version, column, maxLength })

  return {
    all,
    chosen,
    load,
    keepCurrent,
    toggle,
    addFolder,
    train,
    remove,
    chooseFolder,
    tokenize,
    statistics,
  }
})
