/**
 * The run that is being set up. A setting's value is what the user typed, else what main recommends for this task and
 * starting point, else Transformers' default. Main checks the whole after every change.
 */
import { defineStore } from 'pinia'
import { computed, reactive, ref, shallowRef, watch } from 'vue'
import { isFor } from '../../../shared/domain/argumentProblems'
import type { DatasetProfile } from '../../../shared/domain/dataset'
import type { ConfigProblem, RunConfig } from '../../../shared/domain/runConfig'
import {
  guessTask,
  problemOf,
  type ProblemType,
  type Task,
  type TaskChoice,
} from '../../../shared/domain/tasks'
import { TRANSFER_DEFAULTS } from '../../../shared/domain/transfer'
import type { DatasetVersionId, RunId } from '../../../shared/ids'
import type { Estimate, Recommendation } from '../../../shared/ipc/runs'
import { readDraft, writeDraft } from '../form/draft'
import { fieldNamed, FORM_FIELDS, isSame, type FormField } from '../form/fields'
import {
  columnRoles,
  DEFAULT_START,
  hasModel,
  modelSource,
  NO_COLUMNS,
  startingPoint,
  suggestedColumns,
  type Columns,
  type StartingPoint,
} from '../form/subject'
import { errorData } from '../format/errorData'
import { ipc } from '../ipc'
import { useDatasets } from './datasets'
import { useRuns } from './runs'

type Values = Record<string, unknown>

export const useTrainForm = defineStore('trainForm', () => {
  const version = ref<DatasetVersionId | null>(null)
  const profile = shallowRef<DatasetProfile | null>(null)
  const task = ref<Task>('sequence-classification')
  /** Of a sequence classification; null: what the label column tells. */
  const problemType = ref<ProblemType | null>(null)
  const columns = reactive<Columns>({ ...NO_COLUMNS })
  const start = ref<StartingPoint>(DEFAULT_START)
  const edits = ref<Values>({})
  const overrides = ref<Values>({})
  const usesRecommended = ref(true)
  const recommended = shallowRef<Record<string, Recommendation>>({})
  const problems = shallowRef<ConfigProblem[]>([])
  /** The last config without a problem, every default written out. */
  const lastValid = shallowRef<RunConfig | null>(null)
  const isChecking = ref(false)
  const estimate = shallowRef<{ value: Estimate; of: string; atMs: number } | null>(null)
  /** The run that this form started last. */
  const currentRun = ref<RunId | null>(null)

  const subject = computed<Values>(() => ({
    task: task.value,
    ...(problemType.value !== null && { problem_type: problemType.value }),
    ...(hasModel(start.value) && { model: modelSource(start.value) }),
    ...(version.value !== null && { dataset: { version: version.value } }),
    columns: columnRoles(columns),
  }))

  const problem = computed(() => problemOf({ task: task.value, problem_type: problemType.value }))

  const advised = computed<Values>(() =>
    usesRecommended.value
      ? Object.fromEntries(
          Object.entries(recommended.value)
            .filter(([name]) => fieldNamed(name) && !fieldNamed(name)!.isOverride)
            .map(([name, { value }]) => [name, value]),
        )
      : {},
  )

  /** What goes to main: only what was chosen; main writes out every default. */
  const raw = computed<Values>(() => ({
    ...subject.value,
    ...advised.value,
    ...edits.value,
    ...(Object.keys(overrides.value).length > 0 && { config_overrides: overrides.value }),
  }))
  const isEstimateCurrent = computed(() => estimate.value?.of === JSON.stringify(raw.value))

  function valueOf(field: FormField): unknown {
    const own = field.isOverride ? overrides.value : edits.value
    if (field.name in own) return own[field.name]
    return field.name in advised.value ? advised.value[field.name] : field.default
  }

  function set(name: string, value: unknown): void {
    if (fieldNamed(name)?.isOverride) overrides.value = { ...overrides.value, [name]: value }
    else edits.value = { ...edits.value, [name]: value }
  }

  /** Back to what is recommended, or to the default. */
  function reset(name: string): void {
    const without = (values: Values): Values =>
      Object.fromEntries(Object.entries(values).filter(([key]) => key !== name))
    edits.value = without(edits.value)
    overrides.value = without(overrides.value)
  }

  function differs(field: FormField): boolean {
    return !isSame(valueOf(field), field.default)
  }

  /** The change a problem or a finding offers: settings, and parts of the subject. */
  function apply(changes: Values): void {
    // Other weights want other settings: what is recommended for them.
    if ('model' in changes) {
      edits.value = {}
      usesRecommended.value = true
    }
    for (const [name, value] of Object.entries(changes)) {
      if (name === 'columns') Object.assign(columns, value)
      else if (name === 'config_overrides') overrides.value = { ...overrides.value, ...(value as Values) }
      else if (name === 'model') start.value = startingPoint(value as RunConfig['model'])
      else if (name === 'dataset') applyDataset(value as RunConfig['dataset'])
      else if (name === 'task') chooseTask({ task: value as Task, problem_type: null })
      else if (name === 'problem_type') problemType.value = value as ProblemType | null
      else set(name, value)
    }
  }

  function applyDataset(dataset: RunConfig['dataset']): void {
    const versions = useDatasets().datasets.flatMap((each) => each.versions)
    const known = versions.find(({ id, kind }) =>
      'version' in dataset ? id === dataset.version : 'sample' in dataset && kind === 'sample',
    )
    if (known) void chooseVersion(known.id)
  }

  /** `as`: a task and columns chosen before; else what the columns suggest. */
  async function chooseVersion(
    id: DatasetVersionId,
    as?: { choice: TaskChoice; columns: Partial<Columns> },
  ): Promise<void> {
    version.value = id
    profile.value = await useDatasets().profile(id)
    chooseTask(as?.choice ?? guessTask(profile.value.columns), as?.columns)
  }

  /** Columns of the task, as far as the dataset suggests them; `roles`: those that were chosen. */
  function chooseTask(choice: TaskChoice, roles?: Partial<Columns>): void {
    task.value = choice.task
    problemType.value = choice.problem_type
    Object.assign(columns, suggestedColumns(profile.value?.columns ?? [], choice.task), roles)
    // Settings that mean nothing for the task would be refused, and nobody could see them to change them.
    edits.value = Object.fromEntries(
      Object.entries(edits.value).filter(([name]) => isFor(name, problemOf(choice))),
    )
  }

  /** Takes up where the window was closed; from then on every change is kept. */
  async function restore(): Promise<void> {
    const draft = readDraft(localStorage)
    if (draft) {
      start.value = draft.start
      edits.value = draft.edits
      overrides.value = draft.overrides
      usesRecommended.value = draft.usesRecommended
      if (draft.version !== null && useDatasets().datasetOf(draft.version))
        await chooseVersion(draft.version as DatasetVersionId, {
          choice: { task: draft.task, problem_type: draft.problemType },
          columns: draft.columns,
        })
    }
    watch([version, task, problemType, columns, start, edits, overrides, usesRecommended], () =>
      writeDraft(localStorage, {
        version: version.value,
        task: task.value,
        problemType: problemType.value,
        columns,
        start: start.value,
        edits: edits.value,
        overrides: overrides.value,
        usesRecommended: usesRecommended.value,
      }),
    )
  }

  /** The same run again: its exact settings, nothing recommended on top. */
  async function cloneFrom(config: RunConfig): Promise<void> {
    usesRecommended.value = false
    const defaults: Values = {
      ...Object.fromEntries(
        FORM_FIELDS.filter((field) => !field.isOverride).map((field) => [field.name, field.default]),
      ),
      ...TRANSFER_DEFAULTS,
    }
    edits.value = Object.fromEntries(
      Object.entries(config).filter(
        ([name, value]) => name in defaults && name !== 'run_name' && !isSame(value, defaults[name]),
      ),
    )
    overrides.value = { ...config.config_overrides }
    if (config.tokenizer !== null) edits.value = { ...edits.value, tokenizer: config.tokenizer }
    start.value = startingPoint(config.model)
    const dataset = config.dataset
    if ('version' in dataset && useDatasets().datasetOf(dataset.version))
      await chooseVersion(dataset.version as DatasetVersionId, {
        choice: { task: config.task, problem_type: config.problem_type ?? null },
        columns: { ...NO_COLUMNS, ...config.columns } as Columns,
      })
    else applyDataset(dataset)
  }

  let lastCheck = 0
  async function check(): Promise<void> {
    const mine = ++lastCheck
    isChecking.value = true
    try {
      const result = await ipc.runs.check({ config: raw.value })
      if (mine !== lastCheck) return
      problems.value = result.problems
      if (result.config) lastValid.value = result.config
    } catch (error) {
      if (mine !== lastCheck) return
      const data = errorData(error)
      problems.value = [{ ...data, where: { field: data.where?.field ?? '(top level)' } }]
    } finally {
      if (mine === lastCheck) isChecking.value = false
    }
  }

  let lastAdvice = 0
  async function recommend(): Promise<void> {
    const mine = ++lastAdvice
    const advice = await ipc.runs
      .recommend({ config: { ...subject.value, ...edits.value } })
      .catch((): Record<string, Recommendation> => ({}))
    if (mine === lastAdvice) recommended.value = advice
  }

  async function measure(): Promise<void> {
    const of = JSON.stringify(raw.value)
    const value = await ipc.runs.estimate({ config: raw.value })
    estimate.value = { value, of, atMs: Date.now() }
  }

  async function startRun(): Promise<RunId> {
    const run = await useRuns().start(raw.value)
    currentRun.value = run
    reset('run_name') // The next run is another one.
    return run
  }

  /** Pretty run.json of the form, as the command line takes it. */
  function asRunJson(): string {
    return JSON.stringify(raw.value, null, 2)
  }

  return {
    version,
    profile,
    task,
    problemType,
    problem,
    chooseTask,
    columns,
    start,
    edits,
    overrides,
    usesRecommended,
    recommended,
    problems,
    lastValid,
    isChecking,
    estimate,
    isEstimateCurrent,
    currentRun,
    subject,
    raw,
    valueOf,
    set,
    reset,
    differs,
    apply,
    restore,
    chooseVersion,
    cloneFrom,
    check,
    recommend,
    measure,
    startRun,
    asRunJson,
  }
})
