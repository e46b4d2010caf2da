/** Whether an ONNX file keeps weights in other files: a path in it could name any file of the machine. */
import { fromBinary } from '@bufbuild/protobuf'
import { ModelProtoSchema, TensorProto_DataLocation as DataLocation } from 'onnx-buf'
import { UserError } from '../../../shared/errors'

/** @throws UserError `corrupt` for bytes that are no ONNX model, `unsupported` for one with external data. */
export function refuseExternalData(bytes: Uint8Array, file: string): void {
  const isExternal = initializersOf(bytes, file).some(
    (tensor) => tensor.dataLocation === DataLocation.EXTERNAL || tensor.externalData.length > 0,
  )
  if (isExternal)
    throw new UserError(
      'unsupported',
      'This ONNX file keeps its weights in other files; that is not loaded.',
      {
        where: { file },
        hint: 'Export the model again with its weights inside.',
      },
    )
}

function initializersOf(bytes: Uint8Array, file: string) {
  try {
    return fromBinary(ModelProtoSchema, bytes).graph?.initializer ?? []
  } catch (cause) {
    throw new UserError('corrupt', 'This is not an ONNX model.', { where: { file }, cause })
  }
}
