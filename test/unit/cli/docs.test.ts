/** docs/cli.md is a contract: every command, option and setting stands in it, with its default. */
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { commands, notBuilt } from '../../../src/cli/registry'
import { RUN_CONFIG_KEYS } from '../../../src/shared/domain/runConfig'
import { TRAINING_ARGUMENTS } from '../../../src/shared/domain/trainingArguments'

const docs = readFileSync(new URL('../../../docs/cli.md', import.meta.url), 'utf8')

describe('docs/cli.md', () => {
  it.each(commands.map((command) => command.path.join(' ')))('names the command %s', (name) => {
    expect(docs).toMatch(new RegExp(`\`${name}[ \`]`))
  })

  it.each(Object.keys(notBuilt))('says that %s is not built', (name) => {
    expect(docs).toContain(`\`${name}\``)
  })

  it.each(RUN_CONFIG_KEYS.map((key) => [key]))('explains the setting %s', (key) => {
    expect(docs).toContain(`\`${key}\``)
  })

  it.each(Object.entries(TRAINING_ARGUMENTS))('gives the default and meaning of %s', (name, argument) => {
    const row = docs.split('\n').find((line) => line.startsWith(`| \`${name}\` `)) ?? ''
    const cells = row.split('|').map((cell) => cell.trim())
    expect([cells[2], cells[3]]).toEqual([`\`${JSON.stringify(argument.default)}\``, argument.help])
  })
})

describe('commands', () => {
  it('have distinct names and options, and a summary', () => {
    const names = commands.map((command) => command.path.join(' '))
    expect(new Set(names).size).toBe(names.length)
    for (const command of commands) {
      const options = command.options.map((option) => option.name)
      expect(new Set(options).size).toBe(options.length)
      expect(command.summary).toMatch(/\.$/)
    }
  })
})
