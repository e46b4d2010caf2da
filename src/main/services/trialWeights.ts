/** Of a study's trials only the best few keep their weights; figures of all stay. */
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { StudyConfig } from '../../shared/domain/studyConfig'
import type { RunId, StudyId } from '../../shared/ids'
import { listCheckpoints } from '../store/queries/checkpoints'
import { recordEvents } from '../store/queries/recordEvents'
import { findRun } from '../store/queries/runs'
import { listTrials } from '../store/queries/studies'
import { lossSign } from '../tuner/history'
import type { ServiceContext } from './context'
import { fromStored } from './home'

export async function keepBestWeights(
  ctx: ServiceContext,
  study: StudyId,
  { direction, keep_top_k }: StudyConfig,
): Promise<void> {
  const sign = lossSign(direction)
  const ended = listTrials(ctx.db, study).filter(({ state }) => state !== 'running' && state !== 'waiting')
  const ranked = ended
    .filter(({ state, value }) => state === 'complete' && value !== null)
    .sort((a, b) => sign * (a.value! - b.value!))
  const kept = new Set(ranked.slice(0, keep_top_k).map(({ number }) => number))
  for (const { number, runs } of ended)
    if (!kept.has(number)) for (const { run } of runs) await dropWeights(ctx, run)
}

async function dropWeights(ctx: ServiceContext, run: RunId): Promise<void> {
  const row = findRun(ctx.db, run)
  const checkpoints = listCheckpoints(ctx.db, run)
  if (!row || checkpoints.length === 0) return
  const events = checkpoints.map(({ path }) => ({
    event: { event: 'checkpoint-deleted' as const, path },
    atMs: ctx.now(),
  }))
  recordEvents(ctx.db, run, events)
  const folder = fromStored(ctx.home, row.run_dir)
  // A folder that the user chose is the user's.
  if (!folder.startsWith(ctx.home.runs)) return
  for (const part of ['checkpoints', 'model']) await rm(join(folder, part), { recursive: true, force: true })
}
