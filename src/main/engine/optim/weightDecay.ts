/** Which parameters decay: all but biases and norms (Trainer.get_decay_parameter_names of Transformers 5.23). */

const NO_DECAY = [/bias/, /layernorm/, /rmsnorm/, /(?:^|\.)norm(?:$|\.)/, /_norm(?:$|\.)/]

export function decays(parameterName: string): boolean {
  const name = parameterName.toLowerCase()
  return !NO_DECAY.some((pattern) => pattern.test(name))
}
