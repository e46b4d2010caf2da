/** Every way to tell which parameters matter, by its name. */
import type { ImportanceName } from '../../../shared/domain/study'
import { fanova } from './fanova'
import type { ImportanceEvaluator } from './importance'
import { pedAnova } from './pedAnova'

export const IMPORTANCES: Record<ImportanceName, ImportanceEvaluator> = { ped_anova: pedAnova, fanova }
