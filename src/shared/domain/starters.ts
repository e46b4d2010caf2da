/** Encoders that come with the studio (resources/models): a start that needs no network and no download. */
export interface Starter {
  /** As run.json gives it, and the name of its folder. */
  name: string
  /** For people, beside the name. */
  summary: string
}

export const STARTERS = [
  { name: 'starter-2x256', summary: '2 layers × 256, pretrained on the definitions of WordNet' },
] as const satisfies readonly Starter[]

export const DEFAULT_STARTER: string = STARTERS[0].name
