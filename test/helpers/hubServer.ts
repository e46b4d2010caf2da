/** A Hub on this machine, with the ways in which a Hub and the network before it go wrong. */
import { createHash } from 'node:crypto'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface Faults {
  /** Each answer with content ends after so many bytes, the connection cut, for the first `drops` answers. */
  dropAfter?: number
  drops?: number
  /** As dropAfter, but the answer says nothing more and stays open. */
  stallAfter?: number
  /** Status of every answer with content. */
  status?: number
  /** The list of files names another hash, or another length. */
  lieHash?: boolean
  lieLength?: number
  /** The content is longer than its Content-Range says. */
  excess?: number
  /** Ranges but the first byte's are ignored. */
  ignoresRanges?: boolean
  /** Content is on another host, to which it redirects. */
  contentAt?: string
  needsToken?: string
}

export interface Asked {
  url: string
  range: string | undefined
  authorization: string | undefined
  /** Bytes of content sent. */
  sent: number
}

export const REVISION = 'a1b2c3d4e5f60718293a4b5c6d7e8f9001122334'

export interface HubServer {
  url: string
  asked: Asked[]
  faults: Faults
  close(): Promise<void>
}

export interface HubRepo {
  name: string
  license?: string
  files: Record<string, Uint8Array>
}

export async function startHub(repos: readonly HubRepo[]): Promise<HubServer> {
  const hub: Omit<HubServer, 'url' | 'close'> = { asked: [], faults: {} }
  const server = createServer((request, response) => answer(hub, repos, request, response))
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready))
  const { port } = server.address() as AddressInfo
  return Object.assign(hub, { url: `http://127.0.0.1:${port}`, close: () => closed(server) })
}

function closed(server: Server): Promise<void> {
  server.closeAllConnections()
  return new Promise((done) => server.close(() => done()))
}

function answer(
  hub: Pick<HubServer, 'asked' | 'faults'>,
  repos: readonly HubRepo[],
  request: IncomingMessage,
  response: ServerResponse,
): ServerResponse {
  const url = new URL(request.url ?? '/', 'http://hub')
  const { range, authorization } = request.headers
  const asked: Asked = { url: request.url ?? '', range, authorization, sent: 0 }
  hub.asked.push(asked)
  const { needsToken, contentAt } = hub.faults
  if (needsToken !== undefined && authorization !== `Bearer ${needsToken}`)
    return json(response, 401, { error: 'Invalid credentials in Authorization header' })
  const path = decodeURIComponent(url.pathname)
  if (path === '/api/models') {
    const query = url.searchParams.get('search') ?? ''
    return json(response, 200, repos.filter(({ name }) => name.includes(query)).map(pageOf))
  }
  const repo = repos.find(({ name }) => path.includes(`/${name}/`))
  if (!repo) return json(response, 404, { error: 'Repository not found' })
  if (path.startsWith(`/api/models/${repo.name}/revision/`)) return json(response, 200, pageOf(repo))
  if (path.startsWith(`/api/models/${repo.name}/tree/`)) return json(response, 200, listOf(repo, hub.faults))
  const name = path.split(`/resolve/${REVISION}/`)[1]
  const content = name === undefined ? undefined : repo.files[name]
  if (!content) return json(response, 404, { error: 'Entry not found' })
  if (contentAt !== undefined) {
    return response.writeHead(302, { location: `${contentAt}${request.url ?? ''}` }).end()
  }
  return send(hub.faults, content, asked, response)
}

function send(faults: Faults, content: Uint8Array, asked: Asked, response: ServerResponse): ServerResponse {
  const isProbe = asked.range === 'bytes=0-0'
  if (faults.status && !isProbe) return json(response, faults.status, { error: 'no' })
  const [, from, to] = /^bytes=(\d+)-(\d*)$/.exec(asked.range ?? '') ?? []
  const isRange = from !== undefined && (isProbe || !faults.ignoresRanges)
  const start = isRange ? Number(from) : 0
  const end = isRange && to ? Math.min(Number(to) + 1, content.length) : content.length
  const body = content.subarray(start, end)
  response.writeHead(isRange ? 206 : 200, {
    etag: '"e"',
    ...(isRange && { 'content-range': `bytes ${start}-${end - 1}/${content.length}` }),
    ...(!faults.excess && { 'content-length': body.length }),
  })
  const cut = faults.dropAfter ?? faults.stallAfter
  const isCut = !isProbe && cut !== undefined && body.length > cut && (faults.drops ?? Infinity) > 0
  asked.sent = isCut ? cut : body.length
  if (!isCut) {
    response.write(body)
    return response.end(isProbe ? undefined : new Uint8Array(faults.excess ?? 0))
  }
  if (faults.drops !== undefined) faults.drops--
  response.write(body.subarray(0, cut), () => {
    if (faults.dropAfter !== undefined) setTimeout(() => response.destroy(), 20)
  })
  return response
}

function json(response: ServerResponse, status: number, value: unknown): ServerResponse {
  return response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value))
}

function pageOf({ name, license, files }: HubRepo): Record<string, unknown> {
  const config = files['config.json']
  return {
    _id: name,
    id: name,
    private: false,
    gated: false,
    downloads: 1234,
    likes: 5,
    lastModified: '2026-01-02T03:04:05.000Z',
    pipeline_tag: 'fill-mask',
    sha: REVISION,
    tags: ['safetensors', ...(license === undefined ? [] : [`license:${license}`])],
    config: config ? (JSON.parse(Buffer.from(config).toString()) as unknown) : {},
    safetensors: { parameters: { F32: 1000 }, total: 1000 },
  }
}

/** As the Hub: large files by SHA-256, small ones by git's hash of them. */
function listOf({ files }: HubRepo, faults: Faults): unknown[] {
  return Object.entries(files).map(([path, content]) => {
    const isLarge = path.endsWith('.safetensors') || path.endsWith('.bin')
    const size = faults.lieLength ?? content.length
    const hash = createHash(isLarge ? 'sha256' : 'sha1')
    if (!isLarge) hash.update(`blob ${content.length}\0`)
    const oid = faults.lieHash && isLarge ? '0'.repeat(64) : hash.update(content).digest('hex')
    return isLarge
      ? { type: 'file', path, size, oid: '1'.repeat(40), lfs: { oid, size, pointerSize: 130 } }
      : { type: 'file', path, size: content.length, oid }
  })
}
