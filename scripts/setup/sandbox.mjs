// Electron's sandbox on Linux needs user namespaces, or its helper owned by root. Some systems (Ubuntu 24.04 and
// newer among them) refuse the first to programs outside of /usr, and Electron then ends without a window.
import { readFileSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { electronInUse } from './electron.mjs'
import { SetupFailure } from './failure.mjs'

/** @param {string} name a kernel setting, as a path below /proc/sys */
function kernelSetting(name) {
  try {
    return readFileSync(join('/proc/sys', name), 'utf8').trim()
  } catch {
    return undefined
  }
}

/**
 * @param {object} machine
 * @param {(name: string) => string | undefined} machine.setting
 * @param {{ uid: number, mode: number } | undefined} machine.helper the sandbox helper's owner and mode
 */
export function isSandboxBlocked({ setting, helper }) {
  if (helper && helper.uid === 0 && (helper.mode & 0o4111) === 0o4111) return false
  return (
    setting('kernel/apparmor_restrict_unprivileged_userns') === '1' ||
    setting('kernel/unprivileged_userns_clone') === '0' ||
    setting('user/max_user_namespaces') === '0'
  )
}

function helperPath() {
  const executable = electronInUse()?.executable
  return executable ? join(dirname(executable), 'chrome-sandbox') : undefined
}

export const sandbox = {
  name: 'sandbox',
  isDone() {
    const file = helperPath()
    if (process.platform !== 'linux' || process.getuid?.() === 0 || file === undefined) return true
    return !isSandboxBlocked({ setting: kernelSetting, helper: statSync(file, { throwIfNoEntry: false }) })
  },
  async run() {
    const file = helperPath()
    throw new SetupFailure(
      "This system keeps Electron's sandbox from starting",
      `Run this line, then the same command again:\n  sudo chown root:root ${file} && sudo chmod 4755 ${file}`,
    )
  },
}
