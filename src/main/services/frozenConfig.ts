/** The config a run was started with; arguments that a later version added have their defaults, which change nothing. */
import { DEFAULT_ARGUMENTS, type RunConfig } from '../../shared/domain/runConfig'
import { decode, type RunRow } from '../store/rows'

export function frozenConfig({ config_json }: Pick<RunRow, 'config_json'>): RunConfig {
  return { ...DEFAULT_ARGUMENTS, ...decode<RunConfig>(config_json) }
}
