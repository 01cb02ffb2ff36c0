/** A schema that shows what a form, a filter and a mask are made from. */
export const exampleSchema = JSON.stringify(
  {
    type: 'object',
    properties: {
      name: { type: 'string', maxLength: 120 },
      email: { type: 'string', format: 'email' },
      tier: { enum: ['basic', 'pro', 'enterprise'] },
      age: { type: 'integer', minimum: 0 },
      active: { type: 'boolean' },
      joined: { type: 'string', format: 'date' },
      ssn: { type: 'string', 'x-sensitive': { index: 'equality' } },
    },
    required: ['name'],
    additionalProperties: false,
  },
  null,
  2,
)
export const exampleIndexes = 'name\ntier, age desc'
