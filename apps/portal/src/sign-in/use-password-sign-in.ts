import { useState } from 'react'
import { useForm } from 'react-hook-form'
import { client } from '../api/client.ts'
import { describeProblem, isProblem } from '../api/problem.ts'

type Ask = { email: string; wrongPassword: string; onSignedIn: (userId: string) => Promise<unknown> }

/** E-mail and password, and the code of a second factor once the server asks for it. What was typed before stays in the form. */
export function usePasswordSignIn({ email, wrongPassword, onSignedIn }: Ask) {
  const [needsCode, setNeedsCode] = useState(false)
  const form = useForm({ defaultValues: { email, password: '', code: '' } })
  const { handleSubmit, setError, setValue, clearErrors } = form

  const submit = handleSubmit(async ({ code, ...credentials }) => {
    try {
      const { user_id } = await client.signIn({ ...credentials, ...(needsCode && { code: code.trim() }) })
      await onSignedIn(user_id)
    } catch (error) {
      if (isProblem(error, 'second_factor_required')) return setNeedsCode(true)
      const isWrong = isProblem(error, 'unauthenticated')
      if (isWrong && needsCode) setError('code', { message: describeProblem(error) }, { shouldFocus: true })
      else setError('root', { message: isWrong ? wrongPassword : describeProblem(error) })
    }
  })
  const startOver = () => {
    clearErrors()
    setValue('code', '')
    setNeedsCode(false)
  }
  return { ...form, needsCode, startOver, submit }
}
