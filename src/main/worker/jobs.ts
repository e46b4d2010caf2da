/** The jobs process: anything long that is not a run. */
import { serve } from './serve'
import { exportTask, inspectTask, verifyTask } from './tasks/bundles'
import { importTask, profileTask } from './tasks/datasets'

serve({
  import: importTask,
  profile: profileTask,
  export: exportTask,
  verify: verifyTask,
  inspect: inspectTask,
})
