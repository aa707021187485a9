import type { ActionFunctionArgs } from 'react-router'

export const action = ({ request }: ActionFunctionArgs) => new Response(request.body)
