// npm run -s tunesmith -- ARGS: the command line, built first where it is not. Only it writes to stdout.
import './setup/requireNode.mjs'
import { runCommandLine } from './setup/launch.mjs'
import { createReport } from './setup/report.mjs'
import { runScript, runSteps, terminalSteps } from './setup/setUp.mjs'

const args = process.argv.slice(2)

const isReady = await runScript(async () => {
  await runSteps(terminalSteps, createReport(process.stderr))
})

if (isReady) {
  // npm moves to the clone; paths in the arguments are relative to where the person stands.
  if (process.env.npm_lifecycle_event === 'tunesmith' && process.env.INIT_CWD)
    process.chdir(process.env.INIT_CWD)
  await runCommandLine(args)
}
