/** Settings that contradict each other, with the change that mends it (the checks of Transformers' TrainingArguments). */
import { UserError } from '../errors'
import { checkOptimArgs } from '../optimArgs'
import { scheduleOfRun } from '../schedule/registry'
import { isFor, problemsOf } from './argumentProblems'
import type { ColumnRole } from './dataset'
import { isGreaterBetter } from './metricNames'
import type { ConfigProblem, RunConfig } from './runConfig'
import { problemOf, ROLES_OF } from './tasks'
import { TRAINING_ARGUMENTS, type TrainingArgumentName } from './trainingArguments'

/** A number of steps, from a fraction of all where it is below 1 (rounded up, as TrainerState.compute_steps). */
export function stepsOf(given: number, totalSteps: number): number {
  return given < 1 ? Math.ceil(totalSteps * given) : given
}

/** Steps between evaluations (or a fraction of all): eval_steps, or logging_steps where it is empty. */
export function evalEvery(config: Pick<RunConfig, 'eval_steps' | 'logging_steps'>): number {
  return config.eval_steps ?? config.logging_steps
}

/** The metric that decides which checkpoint is best, without its eval_ prefix. */
export function bestMetric(config: Pick<RunConfig, 'metric_for_best_model'>): string {
  return (config.metric_for_best_model ?? 'loss').replace(/^eval_/, '')
}

export function bestIsGreater(
  config: Pick<RunConfig, 'metric_for_best_model' | 'greater_is_better'>,
): boolean {
  return config.greater_is_better ?? isGreaterBetter(bestMetric(config))
}

/** Arguments that mean nothing for the task, and columns it does not read. */
function strangers(c: RunConfig): ConfigProblem[] {
  const problem = problemOf(c)
  const problems: ConfigProblem[] = []
  for (const [name, { default: usual }] of Object.entries(TRAINING_ARGUMENTS)) {
    const isDefault = JSON.stringify(c[name as TrainingArgumentName]) === JSON.stringify(usual)
    if (isDefault || isFor(name, problem)) continue
    problems.push({
      code: 'bad-config',
      message: `${name} means nothing for ${problem}; it is for ${problemsOf(name)!.join(', ')}.`,
      where: { field: name },
      fixes: [{ label: 'Use the default', set: { [name]: usual } }],
    })
  }
  if (c.problem_type !== null && c.task !== 'sequence-classification')
    problems.push({
      code: 'bad-config',
      message: 'problem_type is for the task sequence-classification.',
      where: { field: 'problem_type' },
      fixes: [{ label: 'Remove it', set: { problem_type: null } }],
    })
  for (const role of Object.keys(c.columns) as ColumnRole[])
    if (!ROLES_OF[c.task].includes(role))
      problems.push({
        code: 'bad-config',
        message: `The task ${c.task} reads no column ${role}; it reads ${ROLES_OF[c.task].join(', ')}.`,
        where: { field: `columns.${role}` },
      })
  return problems
}

export function crossFieldProblems(c: RunConfig): ConfigProblem[] {
  const problems: ConfigProblem[] = strangers(c)
  const say = (field: string, message: string, ...fixes: NonNullable<ConfigProblem['fixes']>) =>
    problems.push({ code: 'bad-config', message, where: { field }, ...(fixes.length > 0 && { fixes }) })

  if (c.early_stopping_patience !== null && !c.load_best_model_at_end)
    say('early_stopping_patience', 'Early stopping needs load_best_model_at_end.', {
      label: 'Turn it on',
      set: { load_best_model_at_end: true },
    })
  if (c.early_stopping_patience !== null && c.eval_strategy === 'no')
    say('early_stopping_patience', 'Early stopping needs evaluations during training.', {
      label: 'Evaluate each epoch',
      set: { eval_strategy: 'epoch' },
    })
  if (c.load_best_model_at_end && c.save_strategy !== 'best') {
    if (c.save_strategy !== c.eval_strategy)
      say(
        'save_strategy',
        `Must equal eval_strategy (${c.eval_strategy}), because load_best_model_at_end is on.`,
        {
          label: `Use ${c.eval_strategy === 'no' ? 'epoch for both' : c.eval_strategy}`,
          set:
            c.eval_strategy === 'no'
              ? { save_strategy: 'epoch', eval_strategy: 'epoch' }
              : { save_strategy: c.eval_strategy },
        },
      )
    else if (c.eval_strategy === 'steps' && !isMultiple(c.save_steps, evalEvery(c))) {
      const every = evalEvery(c)
      // Of a fraction and a number nobody knows before the length of the run.
      const isMixed = c.save_steps < 1 !== every < 1
      const below = isMixed ? every : Math.max(every, Math.floor(c.save_steps / every) * every)
      const above = isMixed ? every : Math.ceil(c.save_steps / every) * every
      say(
        'save_steps',
        `Must be a multiple of eval_steps (${every}), because load_best_model_at_end is on.`,
        ...[...new Set([below, above])].map((n) => ({ label: `Use ${n}`, set: { save_steps: n } })),
      )
    }
  }
  if (c.save_strategy === 'best' && c.eval_strategy === 'no')
    say('save_strategy', 'save_strategy best needs evaluations during training.', {
      label: 'Evaluate each epoch',
      set: { eval_strategy: 'epoch' },
    })
  if (['reduce_lr_on_plateau', 'greedy'].includes(c.lr_scheduler_type) && c.eval_strategy === 'no')
    say('lr_scheduler_type', `${c.lr_scheduler_type} needs evaluations during training.`, {
      label: 'Evaluate each epoch',
      set: { eval_strategy: 'epoch' },
    })
  const unfit = complaintOf(() => checkOptimArgs(c))
  if (unfit) problems.push({ ...unfit.toData(), where: { field: 'optim_args' } })
  const misfit = complaintOf(() => scheduleOfRun(c, 1000)) // The length of the run does not matter to it.
  if (misfit)
    say(
      'lr_scheduler_kwargs',
      misfit.message,
      ...(/min_lr/.test(misfit.message)
        ? [{ label: 'Use min_lr_rate 0.1', set: { lr_scheduler_kwargs: { min_lr_rate: 0.1 } } }]
        : [{ label: 'Use none', set: { lr_scheduler_kwargs: {} } }]),
    )
  if (c.adapter !== null && (c.freeze.length > 0 || c.trainable_layers !== null))
    say(
      c.freeze.length > 0 ? 'freeze' : 'trainable_layers',
      'An adapter freezes the whole model but its head: nothing else can be chosen.',
      { label: 'Train without the adapter', set: { adapter: null } },
      { label: 'Keep the adapter', set: { freeze: [], trainable_layers: null } },
    )
  if (c.adapter !== null && typeof c.model !== 'string' && 'architecture' in c.model)
    say('adapter', 'An adapter needs trained weights to stand beside: this model starts from random ones.', {
      label: 'Train the whole model',
      set: { adapter: null },
    })
  if (c.cache_features && c.trainable_layers !== 0)
    say('cache_features', 'Features can be kept only where the head alone trains.', {
      label: 'Train the head alone',
      set: { trainable_layers: 0, adapter: null },
    })
  return problems
}

/** As TrainingArguments checks it: fractions against fractions, in millionths. */
function isMultiple(steps: number, of: number): boolean {
  if (steps >= 1 && of >= 1) return steps % of === 0
  return steps < 1 && of < 1 && (steps * 1e6) % (of * 1e6) === 0
}

/** What a check says of the settings. */
function complaintOf(check: () => unknown): UserError | null {
  try {
    check()
    return null
  } catch (error) {
    if (error instanceof UserError) return error
    throw error
  }
}
