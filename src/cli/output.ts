/**
 * The two streams. Results go to stdout: JSON lines with --json, text without. Everything that is for a person who
 * waits goes to stderr, with a bar that is redrawn where it is a terminal.
 */
export interface Stream {
  write(text: string): unknown
  isTTY?: boolean | undefined
  columns?: number | undefined
}

const BAR_CELLS = 24
const PLAIN_EVERY_MS = 5_000

export class Output {
  private hasBar = false
  private plainAtMs = 0

  constructor(
    private readonly stdout: Stream,
    private readonly stderr: Stream,
    readonly isJson: boolean,
  ) {}

  /** One result: its JSON with --json, its text without. */
  result(value: unknown, text: string): void {
    this.clearBar()
    this.stdout.write(`${this.isJson ? JSON.stringify(value) : text}\n`)
  }

  /** A line of JSON, with --json or without: for commands whose output is data. */
  data(value: unknown): void {
    this.clearBar()
    this.stdout.write(`${JSON.stringify(value)}\n`)
  }

  /** Only with --json. */
  json(value: unknown): void {
    if (this.isJson) this.data(value)
  }

  /** Only without --json. */
  text(text: string): void {
    if (this.isJson) return
    this.clearBar()
    this.stdout.write(`${text}\n`)
  }

  say(text: string): void {
    this.clearBar()
    this.stderr.write(`${text}\n`)
  }

  /** How far something is, `share` in [0, 1] or null where that is not known. */
  progress(share: number | null, text: string): void {
    if (this.stderr.isTTY) {
      const filled = Math.round(BAR_CELLS * Math.min(1, Math.max(0, share ?? 0)))
      const bar = share === null ? '' : `${'█'.repeat(filled)}${'░'.repeat(BAR_CELLS - filled)} `
      const line = `${bar}${text}`.slice(0, (this.stderr.columns ?? 100) - 1)
      this.stderr.write(`\r\u001b[K${line}`)
      this.hasBar = true
      return
    }
    const now = Date.now()
    if (now - this.plainAtMs < PLAIN_EVERY_MS) return
    this.plainAtMs = now
    this.stderr.write(`${share === null ? '' : `${Math.floor(100 * share)} % `}${text}\n`)
  }

  clearBar(): void {
    if (this.hasBar) this.stderr.write('\r\u001b[K')
    this.hasBar = false
  }
}
