/** Names of the files in a bundle, in the layout of a Hugging Face folder with `onnx/` for transformers.js. */

export const ONNX_FILE = 'onnx/model.onnx'
export const QUANTIZED_FILE = 'onnx/model_quantized.onnx'
export const WEIGHTS_FILE = 'model.safetensors'
export const TOKENIZER_FILE = 'tokenizer.json'
export const PARITY_FILE = 'studio/parity.json'
