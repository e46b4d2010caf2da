/** What was asked of the network, by whom and why. */
export interface NetworkRequest {
  method: string
  /** Without its query, which may hold signatures. */
  url: string
  /** What the user asked for; null: nobody asked. */
  purpose: string | null
}

export interface NetworkAttempt extends NetworkRequest {
  atMs: number
  /** The window's own page, or a process of ours. */
  origin: 'window' | 'cli' | 'page'
  /** A status, an error or `refused`; null while it is under way, or where its process ended first. */
  outcome: string | null
}
