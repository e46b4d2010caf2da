import { describe, expect, it } from 'vitest'
import { parseArguments } from '../../../src/cli/arguments'

const options = [
  { name: 'config', value: 'F', help: '' },
  { name: 'set', value: 'key=value', isRepeated: true, help: '' },
  { name: 'quick', help: '' },
] as const

const parse = (...argv: string[]) => parseArguments(argv, options)

describe('parseArguments', () => {
  it('reads values after a space or an equals sign, switches and positions', () => {
    const args = parse('RUN', '--config', 'a.json', '--set=x=1', '--set', 'y=2', '--quick', '--', '--odd')
    expect({
      positionals: args.positionals,
      config: args.text('config'),
      set: args.all('set'),
      isQuick: args.has('quick'),
      home: args.text('home'),
    }).toEqual({
      positionals: ['RUN', '--odd'],
      config: 'a.json',
      set: ['x=1', 'y=2'],
      isQuick: true,
      home: undefined,
    })
  })

  it.each([
    [['--confg', 'a'], 'Unknown option --confg'],
    [['-c', 'a'], 'Unknown option -c'],
    [['--config'], '--config needs a value: --config F'],
    [['--config', '--quick'], '--config needs a value'],
    [['--quick=yes'], '--quick takes no value'],
    [['--config', 'a', '--config', 'b'], '--config is given twice'],
  ])('refuses %j', (argv, sentence) => {
    expect(() => parse(...argv)).toThrow(sentence)
  })

  it('takes negative numbers and a lone minus as values', () => {
    expect(parse('--config', '-1').text('config')).toBe('-1')
    expect(parse('-').positionals).toEqual(['-'])
  })

  it('checks numbers', () => {
    const range = { least: 0, most: 10, isWhole: true }
    expect(parse('--config', '7').number('config', range)).toBe(7)
    expect(parse().number('config', range)).toBeUndefined()
    for (const text of ['7.5', '11', '', 'seven'])
      expect(() => parse(`--config=${text}`).number('config', range)).toThrow(/whole number from 0 to 10/)
  })
})
