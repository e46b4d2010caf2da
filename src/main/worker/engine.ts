/** The engine process: trains, predicts, measures. One task at a time; computing blocks this process and no other. */
import { measureGemmRate } from './gemmRate'
import { serve } from './serve'
import { checkProviderTask } from './tasks/checkProvider'
import { estimateTask } from './tasks/estimate'
import { lrFindTask } from './tasks/lrFind'
import { evaluateTask, predictTask } from './tasks/predict'
import { runTask } from './tasks/run'

serve({
  run: runTask,
  predict: predictTask,
  evaluate: evaluateTask,
  estimate: estimateTask,
  'lr-find': lrFindTask,
  'check-provider': checkProviderTask,
  'gemm-rate': async ({ numThreads }) => ({ gflops: await measureGemmRate(numThreads) }),
})
