/** All schedules by their Transformers name, and the one made from a run's configuration. */
import { UserError } from '../errors'
import type { TrainingArguments } from '../domain/trainingArguments'
import { greedy, reduceLrOnPlateau } from './byMetric'
import * as stepwise from './byStep'
import type { Schedule, ScheduleContext, ScheduleDefinition } from './definition'

export const SCHEDULES: ReadonlyMap<string, ScheduleDefinition> = new Map(
  [...Object.values(stepwise), reduceLrOnPlateau, greedy].map((definition) => [definition.id, definition]),
)

/** Warm-up steps of a run: a fraction below 1 is a share of all steps, rounded up (TrainingArguments.get_warmup_steps). */
export function warmupSteps(setting: number, totalSteps: number): number {
  return setting >= 1 ? Math.trunc(setting) : Math.ceil(totalSteps * setting)
}

/** @throws UserError `bad-config` naming the setting in lr_scheduler_kwargs that does not fit the schedule. */
export function createSchedule(
  id: string,
  context: ScheduleContext,
  kwargs: Readonly<Record<string, unknown>>,
): Schedule {
  const definition = SCHEDULES.get(id)
  if (!definition)
    throw new UserError('bad-config', `There is no schedule ${id}.`, {
      where: { field: 'lr_scheduler_type' },
      hint: `Known: ${[...SCHEDULES.keys()].join(', ')}.`,
    })
  const parsed = definition.params.safeParse(kwargs)
  if (!parsed.success) {
    const issue = parsed.error.issues[0]!
    throw new UserError('bad-config', `Schedule ${id}: ${issue.message}.`, {
      where: { field: ['lr_scheduler_kwargs', ...issue.path.map(String)].join('.') },
    })
  }
  return definition.create(context, parsed.data)
}

export function scheduleOfRun(
  config: Pick<
    TrainingArguments,
    'lr_scheduler_type' | 'lr_scheduler_kwargs' | 'learning_rate' | 'warmup_steps'
  >,
  totalSteps: number,
): Schedule {
  return createSchedule(
    config.lr_scheduler_type,
    { peak: config.learning_rate, warmupSteps: warmupSteps(config.warmup_steps, totalSteps), totalSteps },
    config.lr_scheduler_kwargs,
  )
}
