/** Models of the Hub: searched, resumed, checked, refused, found offline. The Hub is a server of this machine. */
import { existsSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { downloadModel } from '../../../src/main/hub/downloadModel'
import { hubAccess } from '../../../src/main/hub/access'
import { modelDetail } from '../../../src/main/hub/client'
import { nodeHost } from '../../../src/main/worker/nodeHost'
import { tunesmith } from '../cli/terminal'
import { REVISION, startHub, type HubServer } from '../../helpers/hubServer'
import { temporaryFolder } from '../store/temporary'

const folder = join(import.meta.dirname, '../../golden/bert/models/gelu-3-labels')
const files = Object.fromEntries(readdirSync(folder).map((name) => [name, readFileSync(join(folder, name))]))
const weights = files['model.safetensors']!
const NAME = 'someone/tiny-bert'

let hub: HubServer
let home: string
beforeEach(async () => {
  home = temporaryFolder()
  hub = await startHub([
    {
      name: NAME,
      license: 'apache-2.0',
      files: {
        ...files,
        'pytorch_model.bin': weights,
        'onnx/model.onnx': weights,
        'README.md': Buffer.from('# Tiny'),
      },
    },
    {
      name: 'someone/pickled',
      files: { 'config.json': files['config.json']!, 'pytorch_model.bin': weights },
    },
    {
      name: 'someone/writer',
      files: { 'config.json': Buffer.from('{"model_type":"gpt2"}'), 'model.safetensors': weights },
    },
    {
      name: 'someone/sharded',
      files: {
        'config.json': files['config.json']!,
        'model.safetensors.index.json': Buffer.from('{}'),
        'model-00001-of-00002.safetensors': weights,
        'model-00002-of-00002.safetensors': weights,
        'optimizer.safetensors': weights,
      },
    },
  ])
  vi.stubEnv('HF_ENDPOINT', hub.url)
  vi.stubEnv('HF_TOKEN', '')
})
afterEach(async () => {
  vi.unstubAllEnvs()
  await hub.close()
})

const call = (...argv: string[]) => tunesmith(argv, { home, spawnWorker: nodeHost() })
const download = (...more: string[]) => call('hub', 'download', NAME, ...more)
const target = () => join(home, 'models', 'someone', `tiny-bert@${REVISION.slice(0, 12)}`)
const contentAsked = () =>
  hub.asked.filter(({ url, range }) => url.endsWith('/model.safetensors') && range !== 'bytes=0-0')

/** Without the service's patience. */
async function quickly(more: { stallMs?: number } = {}): Promise<void> {
  const access = hubAccess(null)
  await downloadModel(access, await modelDetail(access, NAME, 'main'), target(), {
    signal: AbortSignal.timeout(20_000),
    waitsMs: [1, 1, 1],
    now: () => 0,
    onProgress: () => undefined,
    ...more,
  })
}

describe('asking', () => {
  it('finds models with their size and licence, and says which cannot be trained here', async () => {
    const found = await call('hub', 'search', 'someone', '--json')
    expect(
      found.lines.map(({ name, license, parameters, weightBytes, obstacle }) => [
        name,
        license,
        parameters,
        weightBytes,
        obstacle,
      ]),
    ).toEqual([
      [NAME, 'apache-2.0', 1000, 4000, null],
      ['someone/pickled', null, 1000, 4000, null],
      [
        'someone/writer',
        null,
        1000,
        4000,
        'gpt2 is not built: Tunesmith trains bert, distilbert, roberta, electra, albert.',
      ],
      ['someone/sharded', null, 1000, 4000, null],
    ])
    expect(hub.asked[0]!.url).toMatch(
      /^\/api\/models\?limit=20&search=someone&sort=downloads&filter=safetensors&/,
    )
  })

  it('names the files training needs, and no others', async () => {
    const { lines } = await call('hub', 'info', NAME, '--json')
    const listed = (lines[0] as { files: { path: string }[] }).files.map(({ path }) => path)
    expect(listed).toEqual([
      'config.json',
      'tokenizer.json',
      'tokenizer_config.json',
      'special_tokens_map.json',
      'vocab.txt',
      'model.safetensors',
    ])
    const sharded = await call('hub', 'info', 'someone/sharded', '--json')
    expect((sharded.lines[0] as { files: { path: string }[] }).files.map(({ path }) => path)).toEqual([
      'config.json',
      'model.safetensors.index.json',
      'model-00001-of-00002.safetensors',
      'model-00002-of-00002.safetensors',
    ])
  })

  it('refuses pickles, unknown architectures and names, and addresses that are none', async () => {
    const pickled = await call('hub', 'download', 'someone/pickled')
    expect([pickled.code, pickled.stderr]).toEqual([
      2,
      expect.stringMatching(/pytorch_model\.bin, a pickle file.*model\.safetensors is missing/),
    ])
    expect((await call('hub', 'download', 'someone/writer')).stderr).toContain('gpt2 is not built')
    expect((await call('hub', 'info', 'someone/nothing')).stderr).toMatch(
      /has no model someone\/nothing at this revision/,
    )
    expect((await call('hub', 'info', '../../etc')).stderr).toContain('no name of a model')
    vi.stubEnv('HF_ENDPOINT', 'ftp://somewhere')
    expect((await call('hub', 'search', 'x')).stderr).toContain('ftp://somewhere is no address of a Hub')
    vi.stubEnv('HF_ENDPOINT', hub.url)
    vi.stubEnv('HF_HUB_OFFLINE', '1')
    const before = hub.asked.length
    expect((await call('hub', 'search', 'x')).stderr).toContain('HF_HUB_OFFLINE is set')
    expect(hub.asked).toHaveLength(before)
  })

  it('says what a refusal, a page that is no Hub and an absent server mean', async () => {
    hub.faults.needsToken = 'hf_secret'
    const refused = await call('hub', 'info', NAME)
    expect([refused.code, refused.stderr]).toEqual([
      2,
      expect.stringMatching(/does not exist on 127.*or it is private or gated.*HF_TOKEN/),
    ])
    vi.stubEnv('HF_TOKEN', 'secret')
    expect((await call('hub', 'info', NAME)).stderr).toContain('Tokens begin with hf_')
    vi.stubEnv('HF_TOKEN', 'hf_secret')
    expect((await call('hub', 'info', NAME)).code).toBe(0)
    const absent = await startHub([])
    await absent.close()
    vi.stubEnv('HF_ENDPOINT', absent.url)
    const gone = await call('hub', 'search', 'x')
    expect([gone.code, gone.stderr]).toEqual([
      1,
      expect.stringMatching(/127\.0\.0\.1:\d+ could not be reached: connect ECONNREFUSED/),
    ])
  })
})

describe('a download', () => {
  it('takes what is needed, is found by its name without the network, and trains', async () => {
    const done = await download('--json')
    expect(done.lines).toEqual([{ model: NAME, path: target() }])
    expect(readdirSync(target()).sort()).toEqual([...Object.keys(files), 'hub.json'].sort())
    expect(readFileSync(join(target(), 'model.safetensors')).equals(weights)).toBe(true)
    const record = JSON.parse(readFileSync(join(target(), 'hub.json'), 'utf8')) as object
    expect(record).toMatchObject({ name: NAME, revision: REVISION, license: 'apache-2.0', endpoint: hub.url })
    expect(readFileSync(join(target(), 'hub.json'), 'utf8')).not.toContain('hf_')
    await hub.close()
    writeFileSync(join(home, 'rows.txt'), 'a row\nanother\n')
    const answers = await call('predict', '--model', NAME, '--input', join(home, 'rows.txt'))
    expect(answers.lines).toHaveLength(2)
    expect((await call('hub', 'list')).stdout).toContain(`${NAME}  ${REVISION.slice(0, 12)}`)
    const absent = await call('predict', '--model', 'someone/else', '--input', join(home, 'rows.txt'))
    expect(absent.stderr).toContain('tunesmith hub download someone/else')
  })

  it('goes to a folder of the user’s choice, never over what is there', async () => {
    const chosen = join(home, 'mine')
    expect((await download('--output', chosen)).stdout.trim()).toBe(chosen)
    expect(existsSync(join(chosen, 'model.safetensors'))).toBe(true)
    const again = await download('--output', chosen)
    expect([again.code, again.stderr]).toEqual([2, expect.stringContaining('The folder is not empty.')])
  })

  it('is not made twice', async () => {
    await download()
    const before = contentAsked().length
    expect((await download()).stdout.trim()).toBe(target())
    expect(contentAsked()).toHaveLength(before)
  })

  it('goes on by ranges over dropped connections, asking for no byte twice', async () => {
    hub.faults = { dropAfter: 30_000 }
    await quickly()
    expect(readFileSync(join(target(), 'model.safetensors')).equals(weights)).toBe(true)
    const [first, second, ...rest] = contentAsked()
    expect([first!.range, second!.range]).toEqual([undefined, `bytes=30000-${weights.length - 1}`])
    expect([first!, second!, ...rest].reduce((sum, { sent }) => sum + sent, 0)).toBe(weights.length)
  })

  it('gives up where nothing comes any more, keeps what came, and goes on from there', async () => {
    hub.faults = {
      dropAfter: 50_000,
      drops: 1,
      get status() {
        return this.drops === 0 ? 503 : 0
      },
    }
    await rejected(quickly(), `answered 503 to ${NAME}: the server is in trouble`)
    hub.faults = {}
    hub.asked.length = 0
    await quickly()
    expect(contentAsked().map(({ range }) => range)).toEqual([`bytes=50000-${weights.length - 1}`])
    expect(readFileSync(join(target(), 'model.safetensors')).equals(weights)).toBe(true)
  })

  it('goes on after it was cancelled', async () => {
    hub.faults = { stallAfter: 40_000 }
    const going = tunesmith(['hub', 'download', NAME], {
      home,
      spawnWorker: nodeHost(),
      onStart: (interrupt) => void untilPart().then(interrupt),
    })
    expect((await going).code).toBe(130)
    const part = join(`${target()}.download`, 'model.safetensors.part')
    expect(statSync(part).size).toBe(40_000)
    hub.faults = {}
    hub.asked.length = 0
    expect((await download()).code).toBe(0)
    expect(contentAsked().map(({ range }) => range)).toEqual([`bytes=40000-${weights.length - 1}`])
    expect(hub.asked.filter(({ url }) => url.endsWith('/vocab.txt'))).toEqual([])
  })

  it('makes a silent connection again', async () => {
    hub.faults = { stallAfter: 60_000 }
    await quickly({ stallMs: 200 })
    expect(readFileSync(join(target(), 'model.safetensors')).equals(weights)).toBe(true)
  })

  it('starts again where ranges are ignored', async () => {
    hub.faults = { dropAfter: 90_000, drops: 1, ignoresRanges: true }
    await quickly()
    expect(readFileSync(join(target(), 'model.safetensors')).equals(weights)).toBe(true)
  })

  it('refuses content that is not what its hash says, after one more try', async () => {
    hub.faults = { lieHash: true }
    await rejected(quickly(), 'model.safetensors is not what the Hub says it is')
    expect(contentAsked()).toHaveLength(2)
    expect(existsSync(target())).toBe(false)
    expect(existsSync(join(`${target()}.download`, 'model.safetensors.part'))).toBe(false)
  })

  it('refuses lengths that do not agree, and content that goes on', async () => {
    hub.faults = { lieLength: 999_999_999 }
    await rejected(
      quickly(),
      `is 999999999 bytes by the list of files and ${weights.length} by its own header`,
    )
    hub.faults = { excess: 5 }
    await rejected(quickly(), `goes on after its ${weights.length} bytes`)
  })

  it('follows a redirect to another host, which does not get the token', async () => {
    const store = await startHub([{ name: NAME, files }])
    vi.stubEnv('HF_TOKEN', 'hf_secret')
    hub.faults = { contentAt: store.url.replace('127.0.0.1', 'localhost'), needsToken: 'hf_secret' }
    await quickly()
    expect(readFileSync(join(target(), 'model.safetensors')).equals(weights)).toBe(true)
    expect(store.asked.length).toBeGreaterThan(0)
    expect(store.asked.map(({ authorization }) => authorization)).toEqual(store.asked.map(() => undefined))
    await store.close()
  })

  async function untilPart(): Promise<void> {
    const part = join(`${target()}.download`, 'model.safetensors.part')
    while ((statSync(part, { throwIfNoEntry: false })?.size ?? 0) < 40_000)
      await new Promise((resolve) => setTimeout(resolve, 10))
  }

  async function rejected(promise: Promise<unknown>, text: string): Promise<void> {
    const error = await promise.then(
      () => null,
      (caught: unknown) => caught,
    )
    expect(String(error)).toContain(text)
  }
})
