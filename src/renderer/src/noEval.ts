/** Keeps zod from compiling validators with `new Function`, which the content security policy forbids. Imported first. */
import { config } from 'zod'

config({ jitless: true })
