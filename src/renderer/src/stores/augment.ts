/** The recipe that is being written, on which dataset, and what it makes of a sample. Kept while other panes are open. */
import { defineStore } from 'pinia'
import { computed, reactive, ref, shallowRef } from 'vue'
import type { AugmenterInfo, AugmentPreview } from '../../../shared/domain/augmentation'
import type { ComparisonSettings } from '../../../shared/domain/augmentComparison'
import type { VersionSummary } from '../../../shared/domain/dataset'
import type { ConfigProblem } from '../../../shared/domain/runConfig'
import type { UserErrorData } from '../../../shared/errors'
import type { DatasetVersionId, JobId } from '../../../shared/ids'
import { draftOf, NEW_RECIPE, readRecipe, recipeOf, writeRecipe, type RecipeDraft } from '../form/recipe'
import { errorData } from '../format/errorData'
import { ipc } from '../ipc'
import { useDatasets } from './datasets'

const SAMPLE_ROWS = 64

export const useAugment = defineStore('augment', () => {
  const catalog = shallowRef<AugmenterInfo[]>([])
  const draft = reactive<RecipeDraft>({ ...NEW_RECIPE })
  const versionId = ref<DatasetVersionId | null>(null)
  const turn = ref(0)
  const preview = shallowRef<AugmentPreview | null>(null)
  /** What is wrong with the recipe as it stands, or with making the sample. */
  const problem = shallowRef<UserErrorData | null>(null)
  const isMaking = ref(false)
  let latest = 0

  const byName = computed(() => new Map(catalog.value.map((augmenter) => [augmenter.name, augmenter])))
  const dataset = computed(() => {
    const { datasets, datasetOf } = useDatasets()
    return (versionId.value && datasetOf(versionId.value)) || datasets[0]
  })
  /** Where none was chosen: the newest that is no work of a recipe, so that copies are not tried on top of copies. */
  const version = computed<VersionSummary | undefined>(() => {
    const versions = dataset.value?.versions ?? []
    return (
      versions.find(({ id }) => id === versionId.value) ??
      versions.find(({ kind }) => kind !== 'augmentation') ??
      versions[0]
    )
  })
  const recipe = computed(() => recipeOf(draft))
  /** There is something to make copies with. */
  const canMake = computed(() => version.value !== undefined && draft.steps.length > 0)

  async function load(): Promise<void> {
    if (catalog.value.length > 0) return
    catalog.value = await ipc.augment.catalog({})
    const kept = readRecipe(localStorage)
    if (kept && draft.steps.length === 0) await take(kept).catch(() => undefined)
  }

  /** @throws UserError where it is no recipe; nothing is changed then */
  async function take(value: Record<string, unknown>): Promise<void> {
    Object.assign(draft, draftOf(await ipc.augment.check({ recipe: value })))
  }

  function begin(beginning: Partial<RecipeDraft>): void {
    Object.assign(draft, NEW_RECIPE, beginning)
  }

  /** Asks for the sample anew; what an earlier call brings later is dropped. */
  async function refresh(): Promise<void> {
    writeRecipe(localStorage, recipe.value)
    const asked = ++latest
    if (!canMake.value) {
      preview.value = null
      problem.value = null
      isMaking.value = false
      return
    }
    isMaking.value = true
    try {
      const made = await ipc.augment.preview({
        version: version.value!.id,
        recipe: recipe.value,
        rows: SAMPLE_ROWS,
        turn: turn.value,
      })
      if (asked !== latest) return
      preview.value = made
      problem.value = null
    } catch (error) {
      if (asked !== latest) return
      const data = errorData(error)
      if (data.code !== 'cancelled') problem.value = data
    } finally {
      if (asked === latest) isMaking.value = false
    }
  }

  /** Problems of a field and of what lies within it, as `steps.1.parameters.alpha`. */
  function problemsAt(path: string, within = true): ConfigProblem[] {
    const field = problem.value?.where?.field
    if (field === undefined || (field !== path && !(within && field.startsWith(`${path}.`)))) return []
    return [{ ...problem.value!, where: { field } }]
  }

  const of = () => ({ version: version.value!.id, recipe: recipe.value })
  const apply = (): Promise<JobId> => ipc.augment.apply(of())
  const compare = (settings: Partial<ComparisonSettings>): Promise<JobId> =>
    ipc.augment.compare({ ...of(), settings })

  return {
    catalog,
    byName,
    draft,
    versionId,
    dataset,
    version,
    turn,
    preview,
    problem,
    isMaking,
    recipe,
    canMake,
    load,
    take,
    begin,
    refresh,
    problemsAt,
    apply,
    compare,
  }
})
