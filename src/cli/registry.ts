/** Every command, in the order the help shows them, and what is planned but not built. */
import type { Command } from './command'
import { augment, augmentList } from './commands/augment'
import { augmentCompare } from './commands/augmentCompare'
import { bundleExport } from './commands/bundleExport'
import { bundleImport } from './commands/bundleImport'
import { bundleVerify } from './commands/bundleVerify'
import { dataImport } from './commands/dataImport'
import { dataLeaks } from './commands/dataLeaks'
import { dataProfile } from './commands/dataProfile'
import { dataSplit } from './commands/dataSplit'
import { doctor } from './commands/doctor'
import { evaluate } from './commands/evaluate'
import { hubDownload, hubInfo, hubList, hubSearch } from './commands/hub'
import { learnExport, learnImport, learnSearch, learnShow } from './commands/learn'
import { lrFind } from './commands/lrFind'
import { network } from './commands/network'
import { predict } from './commands/predict'
import { resume } from './commands/resume'
import { runsCompare } from './commands/runsCompare'
import { runsExamples } from './commands/runsExamples'
import { runsExport } from './commands/runsExport'
import { runsReport } from './commands/runsReport'
import { runsList } from './commands/runsList'
import { runsScript } from './commands/runsScript'
import { runsShow } from './commands/runsShow'
import { sample } from './commands/sample'
import { score } from './commands/score'
import { studiesList } from './commands/studiesList'
import { studiesResume } from './commands/studiesResume'
import { studiesShow } from './commands/studiesShow'
import { tokenizerEncode } from './commands/tokenizerEncode'
import { tokenizerTrain } from './commands/tokenizerTrain'
import { train } from './commands/train'
import { tune } from './commands/tune'

export const commands: readonly Command[] = [
  sample,
  train,
  resume,
  lrFind,
  evaluate,
  predict,
  score,
  tokenizerTrain,
  tokenizerEncode,
  dataImport,
  dataProfile,
  dataLeaks,
  dataSplit,
  augment,
  augmentCompare,
  augmentList,
  runsList,
  runsShow,
  runsCompare,
  runsExamples,
  runsExport,
  runsReport,
  runsScript,
  tune,
  studiesList,
  studiesShow,
  studiesResume,
  bundleExport,
  bundleVerify,
  bundleImport,
  hubSearch,
  hubInfo,
  hubDownload,
  hubList,
  learnSearch,
  learnShow,
  learnExport,
  learnImport,
  network,
  doctor,
]

/** First words of commands that the contract names and nobody has built, with the sentence that says so. */
export const notBuilt: Readonly<Record<string, string>> = {
  generate: 'generate is not built yet: this version trains and uses classifiers, which do not write text.',
}
