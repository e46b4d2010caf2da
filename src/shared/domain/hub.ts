/** Models of the Hugging Face Hub, as a search finds them and as they are downloaded. */

/** The Hub itself; HF_ENDPOINT and the setting name another that speaks the same protocol. */
export const DEFAULT_ENDPOINT = 'https://huggingface.co'

/** `model_type` of the checkpoints that the engine opens. */
export const HUB_MODEL_TYPES = ['bert', 'distilbert', 'roberta', 'electra', 'albert'] as const

/** `organisation/model` or `organisation/model@commit`, as a model is named once it was downloaded. */
export function isHubName(reference: string): boolean {
  return /^(?!\.)[\w.-]+\/[\w.-]+(@\w+)?$/.test(reference)
}

export interface HubModel {
  /** `organisation/model`. */
  name: string
  modelType: string | null
  /** What it was made for, as `fill-mask`. */
  pipeline: string | null
  /** From the headers of its safetensors files, where the Hub has read them. */
  parameters: number | null
  weightBytes: number | null
  license: string | null
  downloads: number
  updatedAtMs: number
  /** Its owner's terms have to be accepted on its page first. */
  isGated: boolean
  /** Why it cannot be trained here, as far as its page says; null where nothing speaks against it. */
  obstacle: string | null
}

export interface HubFile {
  path: string
  bytes: number
  /** What the Hub says the content hashes to: SHA-256 of large files, git's SHA-1 of the others. */
  sha256: string | null
  gitSha1: string | null
}

/** A model at one commit, with the files that training needs and no others. */
export interface HubModelDetail extends HubModel {
  /** The commit. */
  revision: string
  files: HubFile[]
  bytes: number
  /** Where it lies on this machine already. */
  downloadedTo: string | null
}

/** A model on this machine. */
export interface DownloadedModel {
  name: string
  revision: string
  endpoint: string
  license: string | null
  folder: string
  bytes: number
  downloadedAtMs: number
}
