/**
 * Sessions by structure: graphs that differ in their batch shape alone run in one session, so that a run keeps one
 * set of working memory (fresh pages cost a step a tenth of its time) whatever its shapes.
 */
import { createHash } from 'node:crypto'
import type { Graph } from '../ir/graph'
import { emitSizeless } from '../onnx/emit'
import { providerTarget } from './providers'
import { type HostTensors, Session, type SessionOptions } from './session'

export interface PooledSession {
  readonly session: Session
  /** What the graph's shape feeds beside its own inputs. */
  readonly constants: HostTensors
}

export class SessionPool {
  readonly #sessions = new Map<string, Promise<Session>>()

  constructor(readonly options: SessionOptions) {}

  async sessionFor(graph: Graph): Promise<PooledSession> {
    const { provider = 'cpu' } = this.options
    // Elsewhere constants decide how a kernel is compiled, so each graph has a session.
    if (provider !== 'cpu')
      return {
        session: await this.#share(`${this.#sessions.size}`, () => Session.create(graph, this.options)),
        constants: {},
      }
    const { bytes, constants } = emitSizeless(graph, { target: providerTarget(provider) })
    const structure = createHash('sha256').update(bytes).digest('hex')
    return {
      session: await this.#share(structure, () => Session.load(bytes, this.options)),
      constants: Object.fromEntries(constants.map((constant) => [constant.name, constant])),
    }
  }

  #share(key: string, create: () => Promise<Session>): Promise<Session> {
    let session = this.#sessions.get(key)
    if (!session) this.#sessions.set(key, (session = create()))
    return session
  }

  async release(): Promise<void> {
    const sessions = [...this.#sessions.values()]
    this.#sessions.clear()
    for (const session of sessions) await (await session).release()
  }
}
