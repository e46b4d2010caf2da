/** The command line under plain Node: this process's streams, signals and exit code. */
import { nodeHost } from '../main/worker/nodeHost'
import { version } from '../../package.json'
import { runCli } from './run'

// A reader that has seen enough (`| head`) closes the pipe; what is under way goes on.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error
})

process.exitCode = await runCli(process.argv.slice(2), {
  stdout: process.stdout,
  stderr: process.stderr,
  cwd: process.cwd(),
  env: process.env,
  version,
  spawnWorker: nodeHost(),
  onInterrupt(listener) {
    process.on('SIGINT', listener)
    process.on('SIGTERM', listener)
    return () => {
      process.removeListener('SIGINT', listener)
      process.removeListener('SIGTERM', listener)
    }
  },
  exitNow: (code) => process.exit(code),
})
