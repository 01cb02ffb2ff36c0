import { Field, TextArea } from '../ui/field.tsx'

type SchemaFieldsProps = {
  schema: object
  schemaError: string | undefined
  indexes: object
  indexesError: string | undefined
}

/** Schema and indexes, as text. The objects are what the form registers. */
export function SchemaFields({ schema, schemaError, indexes, indexesError }: SchemaFieldsProps) {
  return (
    <>
      <Field
        label="JSON Schema"
        hint='Of `type: object`. `"x-sensitive": true` encrypts a field; `{"index": "equality"}` lets queries compare it all the same.'
        error={schemaError}
      >
        {(control) => <TextArea {...control} {...code} rows={14} {...schema} />}
      </Field>
      <Field
        label="Indexes"
        optional
        hint="One a line, such as `status, due desc` or `email unique`. Beyond 10,000 records, queries need one."
        error={indexesError}
      >
        {(control) => <TextArea {...control} {...code} rows={3} {...indexes} />}
      </Field>
    </>
  )
}

const code = { autoComplete: 'off', autoCapitalize: 'off', spellCheck: false, className: 'font-mono text-xs! leading-5 whitespace-pre' }
