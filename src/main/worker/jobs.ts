/** The jobs process: anything long that is not a run. */
import { serve } from './serve'
import { augmentFileTask, augmentPreviewTask, augmentTask } from './tasks/augment'
import { exportTask, inspectTask, verifyTask } from './tasks/bundles'
import { demonstrateTask } from './tasks/demonstrate'
import { deriveTask, importTask, profileTask } from './tasks/datasets'
import { drawRowsTask } from './tasks/drawRows'
import { pairAnswersTask } from './tasks/pairAnswers'
import { scriptFilesTask } from './tasks/scriptFiles'
import { importanceTask, suggestTask } from './tasks/tuner'
import {
  openTokenizerTask,
  tokenizeTask,
  tokenizerStatisticsTask,
  trainTokenizerTask,
} from './tasks/tokenizers'

serve({
  import: importTask,
  profile: profileTask,
  derive: deriveTask,
  'draw-rows': drawRowsTask,
  augment: augmentTask,
  'augment-file': augmentFileTask,
  'augment-preview': augmentPreviewTask,
  export: exportTask,
  'script-files': scriptFilesTask,
  verify: verifyTask,
  inspect: inspectTask,
  'pair-answers': pairAnswersTask,
  suggest: suggestTask,
  importance: importanceTask,
  'open-tokenizer': openTokenizerTask,
  'train-tokenizer': trainTokenizerTask,
  tokenize: tokenizeTask,
  'tokenizer-statistics': tokenizerStatisticsTask,
  demonstrate: demonstrateTask,
})
