/** The whole contract: one line a domain. Channel names are `domain.name`. */
import type { Client, Emitters, Handlers } from './define'
import { app } from './app'
import { augment } from './augment'
import { datasets } from './datasets'
import { examples } from './examples'
import { history } from './history'
import { hub } from './hub'
import { knowledge } from './knowledge'
import { models } from './models'
import { runs } from './runs'
import { studies } from './studies'
import { tokenizers } from './tokenizers'

export const contract = {
  app,
  augment,
  datasets,
  examples,
  history,
  hub,
  knowledge,
  models,
  runs,
  studies,
  tokenizers,
}
export type Contract = typeof contract
export type Domain = keyof Contract

export type ContractHandlers = { [D in Domain]: Handlers<Contract[D]> }
export type ContractClient = { [D in Domain]: Client<Contract[D]> }
export type ContractEmitters = { [D in Domain]: Emitters<Contract[D]> }
