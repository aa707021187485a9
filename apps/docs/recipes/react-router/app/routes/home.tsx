// #region recipe
import { type ActionFunctionArgs, data, type LoaderFunctionArgs, useLoaderData } from 'react-router'
import { visitContext } from '../dance-middleware.ts'

export async function loader({ context }: LoaderFunctionArgs) {
  const connection = await context.get(visitContext).require('github')
  const user = await connection.fetch('/user')
  const headers = new Headers([
    ['set-cookie', 'seen=1; Path=/'],
    ['set-cookie', 'theme=dark; Path=/'],
  ])
  return data(await user.json(), { headers })
}
// #endregion

export async function action({ context }: ActionFunctionArgs) {
  return (await context.get(visitContext).require('github')).account
}

export default function Home() {
  return <p>Hello {useLoaderData<typeof loader>().login}</p>
}
