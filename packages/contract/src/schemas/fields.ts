import Type, { type TProperties, type TSchema } from 'typebox'

export const Uuid = Type.String({ format: 'uuid', description: 'UUID' })
export const Timestamp = Type.String({ format: 'date-time', description: 'RFC 3339, UTC, milliseconds' })
export const Nullable = <S extends TSchema>(schema: S) => Type.Union([schema, Type.Null()])
export const Name = Type.String({
  minLength: 1,
  maxLength: 100,
  pattern: '^\\S(?:.*\\S)?$',
  description: 'Display name: 1 to 100 characters, no white space at either end',
})
export const Description = Type.String({ maxLength: 500 })

/** An object that refuses fields it does not know, so that a misspelt one is an error and not silence. */
export const Strict = <P extends TProperties>(properties: P) => Type.Object(properties, { additionalProperties: false })

/** Query parameters of every list. */
export const pageQuery = {
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000, default: 100, description: 'Items a page, 100 unless told' })),
  cursor: Type.Optional(Type.String({ maxLength: 800, description: 'Opaque, from the `Link` header of the page before' })),
}

/** Empty answer of a 204. */
export const Nothing = Type.Void()
