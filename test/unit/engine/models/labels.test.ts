import { describe, expect, it } from 'vitest'
import { configLabels, labelFields, mapLabels } from '../../../../src/main/engine/models/labels'

describe('labels', () => {
  it('are sorted by code point where the model maps none', () => {
    expect(mapLabels({}, ['b', 'a', 'b', '10', '2', '😀', '\uffff'])).toEqual({
      labels: ['10', '2', 'a', 'b', '\uffff', '😀'],
      fromModel: false,
    })
  })

  it('keep the ids the model gives them, also those the data lacks', () => {
    const config = { id2label: { 0: 'weather', 1: 'cooking', 2: 'sport' } }
    expect(mapLabels(config, ['sport', 'cooking'])).toEqual({
      labels: ['weather', 'cooking', 'sport'],
      fromModel: true,
    })
    expect(mapLabels(config, ['sport', 'art', 'music'])).toEqual({
      labels: ['weather', 'cooking', 'sport', 'art', 'music'],
      fromModel: false,
    })
  })

  it('take placeholders for no mapping, unless the data uses them', () => {
    const config = { id2label: { 0: 'LABEL_0', 1: 'LABEL_1' } }
    expect(mapLabels(config, ['yes', 'no']).labels).toEqual(['no', 'yes'])
    expect(mapLabels(config, ['LABEL_1']).labels).toEqual(['LABEL_0', 'LABEL_1'])
  })

  it('are read from either field, and only where they are complete', () => {
    expect(configLabels({ label2id: { b: 1, a: 0 } })).toEqual(['a', 'b'])
    expect(configLabels({ id2label: { 1: 'b' } })).toBeUndefined()
    expect(configLabels({ id2label: { 0: 'a', x: 'b' } })).toBeUndefined()
    expect(configLabels({})).toBeUndefined()
    expect(configLabels(labelFields(['x', 'y']) as Record<string, unknown>)).toEqual(['x', 'y'])
  })
})
