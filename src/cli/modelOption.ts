/** --model: a run, a checkpoint or a folder, and the columns its run was trained on. */
import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import type { ColumnRoles } from '../shared/domain/runConfig'
import type { FoundModel } from '../main/services/modelReference'
import type { CommandContext } from './command'

export function findModelOfCommand({ args, cwd, services }: CommandContext): {
  model: FoundModel
  roles: ColumnRoles | null
} {
  const { models, runs } = services()
  const given = args.required('model')
  const folder = resolve(cwd, given)
  const model = models.find(existsSync(folder) ? folder : given)
  return { model, roles: model.run === null ? null : runs.show(model.run).config.columns }
}
