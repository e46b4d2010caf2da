/** The checkpoint a run goes on from: the newest whose folder is whole enough to have its manifest. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { RunId } from '../../shared/ids'
import { listCheckpoints } from '../store/queries/checkpoints'
import type { ServiceContext } from './context'
import { fromStored } from './home'

/** The manifest is written last, before the folder gets its name. */
const MANIFEST = 'manifest.json'

export function resumePoint(ctx: Pick<ServiceContext, 'db' | 'home'>, run: RunId): string | null {
  for (const checkpoint of listCheckpoints(ctx.db, run)) {
    if (checkpoint.kind === 'final') continue
    const folder = fromStored(ctx.home, checkpoint.path)
    if (existsSync(join(folder, MANIFEST))) return folder
  }
  return null
}
