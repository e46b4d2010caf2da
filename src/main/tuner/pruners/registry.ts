/** Every pruner by its name in study.json. */
import type { PrunerConfig, PrunerType } from '../../../shared/domain/study'
import { hyperbandPruner } from './hyperband'
import { patientPruner } from './patient'
import { percentilePruner } from './percentile'
import { GO_ON, type Pruner } from './pruner'
import { successiveHalvingPruner } from './successiveHalving'

type Settings<T extends PrunerType> = Extract<PrunerConfig, { type: T }>

const PRUNERS: { [T in PrunerType]: (settings: Settings<T>) => Pruner } = {
  nop: () => ({ decide: () => GO_ON }),
  median: (settings) => percentilePruner({ ...settings, percentile: 50 }),
  percentile: percentilePruner,
  successive_halving: successiveHalvingPruner,
  hyperband: hyperbandPruner,
  patient: (settings) => patientPruner(settings.wrapped && createPruner(settings.wrapped), settings),
}

export function createPruner(config: PrunerConfig): Pruner {
  const create = PRUNERS[config.type] as (settings: PrunerConfig) => Pruner
  return create(config)
}
