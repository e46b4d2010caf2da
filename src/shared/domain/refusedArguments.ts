/** Arguments of the Transformers Trainer that are understood and refused, unless set to the value named here. */
export const REFUSED_ARGUMENTS: Record<string, { harmless: readonly unknown[]; why: string }> = {
  bf16: { harmless: [false], why: 'Training computes in float32.' },
  fp16: { harmless: [false], why: 'Training computes in float32.' },
  gradient_checkpointing: {
    harmless: [false],
    why: 'Batches are cut into small pieces instead, which bounds memory.',
  },
  neftune_noise_alpha: { harmless: [null], why: 'NEFTune noise is not built yet.' },
  torch_compile: { harmless: [false], why: 'There is no PyTorch here.' },
  push_to_hub: { harmless: [false], why: 'Nothing is uploaded; export a bundle and upload it yourself.' },
  report_to: { harmless: ['none', null, []], why: 'Runs are recorded in the studio.' },
  deepspeed: { harmless: [null], why: 'One device a run.' },
  fsdp: { harmless: [null, '', []], why: 'One device a run.' },
  auto_find_batch_size: { harmless: [false], why: 'Memory does not grow with the batch size here.' },
  group_by_length: { harmless: [false], why: 'Rows are sorted by length inside each batch already.' },
  full_determinism: { harmless: [false, true], why: '' },
  dataloader_num_workers: { harmless: [0], why: 'Rows are tokenized once, before the first step.' },
  remove_unused_columns: { harmless: [true], why: 'Only the columns with a role are read.' },
}
