/**
 * WebGPU without a GPU: Electron's folder brings a Vulkan loader and the SwiftShader driver. The loader is found
 * through the environment a process starts with, so whatever needs it runs in a child.
 */
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { electronInUse } from '../../scripts/setup/electron.mjs'

const root = resolve(import.meta.dirname, '../..')

/** The environment that offers a software adapter, or why there is none. */
export function softwareAdapter(): { env: NodeJS.ProcessEnv } | { missing: string } {
  const dist = electronInUse()?.dist
  if (dist === undefined) return { missing: 'no Electron is set up (npm start makes it)' }
  const driver = join(dist, 'vk_swiftshader_icd.json')
  if (process.platform !== 'linux') return { missing: `the software adapter is used on Linux only` }
  if (!existsSync(driver)) return { missing: `${driver} is not there` }
  const path = process.env['LD_LIBRARY_PATH']
  return {
    env: {
      ...process.env,
      LD_LIBRARY_PATH: path === undefined ? dist : `${dist}:${path}`,
      VK_ICD_FILENAMES: driver,
      VK_DRIVER_FILES: driver,
    },
  }
}

/** Runs a TypeScript file in a child with that environment; its last line of output is JSON. */
export function runWithAdapter(script: string, env: NodeJS.ProcessEnv): unknown {
  const jiti = join(createRequire(import.meta.url).resolve('jiti/package.json'), '../lib/jiti-register.mjs')
  const child = spawnSync(process.execPath, ['--import', pathToFileURL(jiti).href, join(root, script)], {
    env,
    encoding: 'utf8',
    timeout: 240_000,
  })
  const last = child.stdout.trim().split('\n').at(-1) ?? ''
  if (child.status !== 0 || !last.startsWith('{'))
    throw new Error(`${script} ended with ${child.status}: ${child.stderr.slice(-2000)}`)
  return JSON.parse(last)
}
