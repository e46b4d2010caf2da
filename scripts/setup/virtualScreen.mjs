// A virtual X screen for tests on a machine without a display.
import { spawn } from 'node:child_process'
import { SetupFailure } from './failure.mjs'

/**
 * @returns {Promise<string>} the display, whose number was free; it ends with this process
 */
export function startVirtualScreen() {
  const args = ['-displayfd', '3', '-screen', '0', '1600x1000x24', '-nolisten', 'tcp', '-noreset']
  const child = spawn('Xvfb', args, { stdio: ['ignore', 'ignore', 'pipe', 'pipe'] })
  process.once('exit', () => void child.kill())
  return new Promise((ready, fail) => {
    let said = ''
    child.stderr?.on('data', (chunk) => (said += chunk))
    child.stdio[3]?.once('data', (chunk) => ready(`:${String(chunk).trim()}`))
    const failed = () =>
      fail(new SetupFailure(`Xvfb did not start: ${said.trim()}`, 'Set DISPLAY, then run again.'))
    child.once('error', failed)
    child.once('close', failed)
  })
}
