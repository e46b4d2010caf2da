/** The checkpoint a run goes on from: the newest that is whole, whatever a crash or a disk did to those after it. */
import { existsSync } from 'node:fs'
import { basename, join } from 'node:path'
import { describeError } from '../../../shared/errors'
import { removeLeftovers } from '../../engine/checkpoint/folderWriter'
import { CHECKPOINT_PREFIX, firstSound } from '../../engine/checkpoint/trainingCheckpoint'
import type { RunTask } from '../protocol'
import type { TaskContext } from '../serve'

/** Undefined for a new run, and for one that has to start over. */
export async function resumePoint(
  { resumeFrom, runDir }: RunTask,
  context: Pick<TaskContext, 'emit'>,
): Promise<string | undefined> {
  // First: a checkpoint that was being replaced gets its name back.
  await removeLeftovers(join(runDir, 'checkpoints'), CHECKPOINT_PREFIX)
  const there = resumeFrom.filter((path) => existsSync(path))
  for (const path of resumeFrom)
    if (!there.includes(path)) context.emit({ event: 'checkpoint-deleted', path })
  const note = (text: string) => context.emit({ event: 'note', text })
  const chosen = await firstSound(there, (path, why) =>
    note(`${basename(path)} cannot be used, an earlier one is taken. ${describeError(why)}`),
  )
  if (chosen === undefined && resumeFrom.length > 0) note('No checkpoint is left: the run starts over.')
  return chosen
}
