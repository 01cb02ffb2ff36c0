/** There is no object of this key. */
export class ObjectMissing extends Error {
  override readonly name = 'ObjectMissing'
  constructor(options?: ErrorOptions) {
    super('there is no such object', options)
  }
}

/** There is no upload of this id for this key. */
export class UploadMissing extends Error {
  override readonly name = 'UploadMissing'
  constructor(options?: ErrorOptions) {
    super('there is no such upload', options)
  }
}

/** More bytes came than may. */
export class ObjectTooLarge extends Error {
  override readonly name = 'ObjectTooLarge'
  readonly maxBytes: number
  constructor(maxBytes: number) {
    super(`more than ${maxBytes} bytes`)
    this.maxBytes = maxBytes
  }
}

/** The bytes are not those of the checksum that was given. */
export class ChecksumMismatch extends Error {
  override readonly name = 'ChecksumMismatch'
  readonly sha256: string
  constructor(sha256: string) {
    super(`the bytes have the SHA-256 ${sha256}`)
    this.sha256 = sha256
  }
}

/** The object ends before the first byte that was asked for. */
export class RangeNotSatisfiable extends Error {
  override readonly name = 'RangeNotSatisfiable'
  constructor(options?: ErrorOptions) {
    super('the object ends before this range', options)
  }
}

/** An append has to begin at `size`. */
export class OffsetMismatch extends Error {
  override readonly name = 'OffsetMismatch'
  readonly size: number
  constructor(size: number) {
    super(`the upload has ${size} bytes`)
    this.size = size
  }
}

/** Something else is being done with this upload. */
export class UploadBusy extends Error {
  override readonly name = 'UploadBusy'
  constructor() {
    super('the upload is in use')
  }
}

/** The store does not answer, refuses us, or is full. */
export class ObjectsUnavailable extends Error {
  override readonly name = 'ObjectsUnavailable'
}
