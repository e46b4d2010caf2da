/** One call of the command line: finds the command, reads its arguments, runs it, turns every end into an exit code. */
import { describeError, UserError } from '../shared/errors'
import { nearestName } from '../shared/nearest'
import { createServices, type Services } from '../main/services/create'
import { defaultHome } from '../main/services/home'
import { reportBug } from '../main/services/log'
import type { SpawnWorker } from '../main/worker/protocol'
import { resolve } from 'node:path'
import { parseArguments, type Arguments } from './arguments'
import { EXIT, type Command } from './command'
import { bytes } from './format'
import { commandHelp, overview } from './help'
import { Output, type Stream } from './output'
import { commands, notBuilt } from './registry'

export interface CommandLine {
  stdout: Stream
  stderr: Stream
  cwd: string
  env: Record<string, string | undefined>
  version: string
  spawnWorker: SpawnWorker
  /** Registers what Ctrl-C does; returns how to take it back. */
  onInterrupt(listener: () => void): () => void
  /** Ends the process at once: the second Ctrl-C. */
  exitNow(code: number): void
}

/** @returns the exit code: 0 done, 1 failed, 2 bad usage or input, 130 cancelled */
export async function runCli(argv: readonly string[], line: CommandLine): Promise<number> {
  const out = new Output(line.stdout, line.stderr, argv.includes('--json'))
  let services: Services | undefined
  const stopListening: (() => void)[] = []
  try {
    const words = argv.filter((word) => !word.startsWith('-'))
    if (argv.includes('--version')) {
      out.result({ version: line.version }, line.version)
      return EXIT.done
    }
    const command = findCommand(argv)
    if (!command) {
      if (words.length > 0 && words[0] !== 'help') throw unknownCommand(argv)
      out.text(overview(commands))
      return argv.length === 0 ? EXIT.badInput : EXIT.done
    }
    const args = parseArguments(argv.slice(command.path.length), command.options)
    if (args.has('help')) {
      out.text(commandHelp(command))
      return EXIT.done
    }
    checkPositionals(command, args.positionals)
    let interrupts = 0
    return await command.run({
      args,
      out,
      cwd: line.cwd,
      services: () => (services ??= openServices(line, args, out)),
      onInterrupt(listener) {
        const stop = line.onInterrupt(() => {
          if (++interrupts > 1) line.exitNow(EXIT.cancelled)
          listener()
        })
        stopListening.push(stop)
      },
    })
  } catch (error) {
    return explain(error, out, services)
  } finally {
    for (const stop of stopListening) stop()
    await services?.close()
  }
}

function openServices(line: CommandLine, args: Arguments, out: Output): Services {
  const services = createServices({
    home: resolve(line.cwd, args.text('home') ?? defaultHome(line.env)),
    owner: 'cli',
    spawnWorker: line.spawnWorker,
    versions: { app: line.version, electron: null },
  })
  if (services.recovered !== null) out.say(services.recovered)
  services.listen({
    onJob({ state, total, done, unit, title }) {
      const share = total ? done / total : null
      const size = total && unit === 'bytes' ? `, ${bytes(done)} of ${bytes(total)}` : ''
      if (state === 'running') out.progress(share, title + size)
    },
  })
  return services
}

function explain(error: unknown, out: Output, services: Services | undefined): number {
  if (!(error instanceof UserError)) {
    const report = services ? ` (report ${reportBug(services.log, error)} in ${services.home.logs})` : ''
    out.say(`Internal error${report}: ${error instanceof Error ? error.message : String(error)}`)
    return EXIT.failed
  }
  out.say(describeError(error))
  switch (error.code) {
    case 'cancelled':
      return EXIT.cancelled
    case 'bad-input':
    case 'bad-config':
    case 'not-found':
    case 'unsupported':
    case 'conflict':
    case 'corrupt':
      return EXIT.badInput
    case 'io':
    case 'environment':
    case 'out-of-memory':
    case 'diverged':
    case 'newer-version':
      return EXIT.failed
  }
}

function findCommand(argv: readonly string[]): Command | undefined {
  const matches = commands.filter((command) => command.path.every((word, i) => argv[i] === word))
  return matches.sort((a, b) => b.path.length - a.path.length)[0]
}

function unknownCommand(argv: readonly string[]): UserError {
  const word = argv.find((argument) => !argument.startsWith('-'))!
  const reason = notBuilt[word]
  if (reason !== undefined) return new UserError('unsupported', reason)
  const ofWord = commands.filter((command) => command.path[0] === word)
  if (ofWord.length > 0) {
    const names = ofWord.map((command) => command.path[1]!)
    const given = argv[argv.indexOf(word) + 1]
    const near = given === undefined ? undefined : nearestName(given, names)
    const what = given === undefined ? `${word} needs a second word` : `Unknown command ${word} ${given}`
    return new UserError('bad-input', `${what}.`, {
      hint: near ? `Did you mean ${word} ${near}?` : `One of: ${names.join(', ')}.`,
    })
  }
  if (argv[0] !== word)
    return new UserError('bad-input', 'The command comes first, options after it.', {
      hint: 'As in: tunesmith train --config run.json --json',
    })
  const near = nearestName(word, [...commands.map((command) => command.path[0]!), ...Object.keys(notBuilt)])
  return new UserError('bad-input', `Unknown command ${word}.`, {
    hint: near ? `Did you mean ${near}?` : 'tunesmith --help lists all commands.',
  })
}

function checkPositionals(command: Command, given: readonly string[]): void {
  const missing = command.positionals.slice(given.length).find((name) => !name.startsWith('['))
  if (missing !== undefined)
    throw new UserError('bad-input', `${missing} is missing: tunesmith ${usage(command)}`)
  const isOpen = command.positionals.at(-1)?.includes('…') ?? false
  const extra = given[command.positionals.length]
  if (extra !== undefined && !isOpen)
    throw new UserError('bad-input', `Unexpected argument ${extra}.`, {
      hint: `Usage: tunesmith ${usage(command)}`,
    })
}

function usage(command: Command): string {
  return [...command.path, ...command.positionals].join(' ')
}
