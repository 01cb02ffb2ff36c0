import { AppError } from '@freehold/contract'

export function noFile(): AppError {
  return new AppError('not_found', 'No such file in this workspace. List them at `GET …/files`.')
}

export function noVersion(): AppError {
  return new AppError('not_found', 'The file has no such version any more. See `GET …/files/{file_id}/versions`.')
}

export function noUpload(): AppError {
  return new AppError('not_found', 'No such upload: it is done, was ended or has expired. Begin a new one.')
}

export function tooLarge(maxBytes: number): AppError {
  return new AppError('too_large', `A file may have ${maxBytes} bytes here. Send a smaller one.`, { members: { max_bytes: maxBytes } })
}

export function nameTaken(name: string): AppError {
  return new AppError('conflict', `There is a file \`${name}\` already. Choose another name, or delete that one first.`)
}

export function changedMeanwhile(): AppError {
  return new AppError('unavailable', 'The upload took too long and its bytes were removed. Send them again.')
}
