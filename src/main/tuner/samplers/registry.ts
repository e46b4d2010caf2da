/** Every sampler by its name in study.json. */
import type { SamplerConfig, SamplerType } from '../../../shared/domain/study'
import { gpSampler } from './gp'
import { gridSampler } from './grid'
import { qmcSampler } from './qmc'
import { randomSampler } from './random'
import type { Sampler } from './sampler'
import { tpeSampler } from './tpe'

type Settings<T extends SamplerType> = Extract<SamplerConfig, { type: T }>

const SAMPLERS: { [T in SamplerType]: (seed: number, settings: Settings<T>) => Sampler } = {
  tpe: tpeSampler,
  gp: gpSampler,
  random: randomSampler,
  qmc: qmcSampler,
  grid: gridSampler,
}

export function createSampler(config: SamplerConfig, seed: number): Sampler {
  const create = SAMPLERS[config.type] as (seed: number, settings: SamplerConfig) => Sampler
  return create(seed, config)
}
