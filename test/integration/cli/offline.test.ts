/** Never a network call the user did not ask for: from the sample to a bundle with the network cut. */
import { spawn } from 'node:child_process'
import { get } from 'node:http'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { temporaryFolder } from '../store/temporary'
import { startHub } from '../../helpers/hubServer'
import { studio } from '../services/studio'
import { tunesmith } from './terminal'

const root = fileURLToPath(new URL('../../..', import.meta.url))
const guard = join(root, 'test', 'helpers', 'networkGuard.cjs')

afterEach(() => vi.unstubAllEnvs())

/** The built command line, every process of it guarded. */
function guarded(argv: string[], home: string): Promise<{ code: number | null; stderr: string }> {
  const child = spawn(process.execPath, [join(root, 'out', 'main', 'cli.js'), ...argv, '--home', home], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, NODE_OPTIONS: `--require ${guard}`, NETWORK_GUARD_LOG: join(home, 'guard') },
  })
  let stderr = ''
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()))
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, stderr })))
}
const guardLines = (home: string) => readFileSync(join(home, 'guard'), 'utf8').trim().split('\n')

describe('without the network', () => {
  it('the sample is imported, trained on, exported and verified, and nobody tries to connect', async () => {
    const home = temporaryFolder()
    const settings = {
      task: 'sequence-classification',
      dataset: { sample: 'semantic-fields' },
      model: { starter: 'starter-2x256' },
      max_steps: 2,
      per_device_eval_batch_size: 64,
    }
    const set = Object.entries(settings).flatMap(([key, value]) => [
      '--set',
      `${key}=${JSON.stringify(value)}`,
    ])
    for (const argv of [
      ['train', ...set],
      ['bundle', 'export', '1', '--output', join(home, 'bundle')],
      ['bundle', 'verify', join(home, 'bundle')],
    ])
      expect(await guarded(argv, home)).toEqual({ code: 0, stderr: expect.any(String) as string })
    const lines = guardLines(home)
    expect(lines.filter((line) => line.startsWith('attempt'))).toEqual([])
    // The commands and their workers.
    expect(lines.length).toBeGreaterThan(3)
    const log = await tunesmith(['network', '--json'], { home })
    expect([log.code, log.stdout]).toEqual([0, ''])
  })

  it('a search is an attempt that the guard sees, the command names and the log keeps', async () => {
    const home = temporaryFolder()
    vi.stubEnv('HF_ENDPOINT', 'https://hub.invalid')
    const searched = await guarded(['hub', 'search', 'bert'], home)
    expect([searched.code, searched.stderr]).toEqual([
      1,
      expect.stringContaining('hub.invalid could not be reached'),
    ])
    expect(guardLines(home)).toContainEqual(expect.stringMatching(/^attempt (connect|lookup) hub\.invalid/))
  })
})

describe('the log of attempts', () => {
  it('has every request with who made it, why and how it ended, and no query', async () => {
    const hub = await startHub([])
    vi.stubEnv('HF_ENDPOINT', hub.url)
    const services = studio({ owner: 'cli' })
    await services.hub.search('secret words', 5)
    await services.hub.info('no/model', 'main').catch(() => undefined)
    await fetch(`${hub.url}/stray?key=1`)
    await new Promise((done) => get(`${hub.url}/plain`, (response) => response.resume().on('end', done)))
    services.network.refusedPage('GET', 'https://example.com/pixel?user=1')
    await hub.close()
    await fetch(hub.url).catch(() => undefined)
    const attempts = services.network.attempts(10).reverse()
    expect(
      attempts.map(({ origin, method, url, purpose, outcome }) => [
        origin,
        method,
        url.replace(hub.url, ''),
        purpose,
        outcome,
      ]),
    ).toEqual([
      ['cli', 'GET', '/api/models', 'Hub search', '200'],
      ['cli', 'GET', '/api/models/no/model/revision/main', 'Hub page of no/model', '404'],
      ['cli', 'GET', '/stray', null, '404'],
      ['cli', 'GET', '/plain', null, '404'],
      ['page', 'GET', 'https://example.com/pixel', null, 'refused'],
      ['cli', 'GET', '/', null, expect.stringMatching(/ECONNREFUSED|other side closed/)],
    ])
    expect(services.network.attempts(2)).toHaveLength(2)
    const shown = await tunesmith(['network'], { home: services.home.root })
    expect(shown.stdout).toMatch(/cli +Hub search +200 +GET http:\/\/127/)
    expect(shown.stdout).toContain('nobody asked')
  })
})
