/** A run config on the sample; the stub worker takes its behaviour from the run's name. */
export function runNamed(name: string, more: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    task: 'sequence-classification',
    model: { architecture: 'bert', config: { hidden_size: 16, num_hidden_layers: 1 } },
    dataset: { sample: 'semantic-fields' },
    run_name: name,
    ...more,
  }
}
