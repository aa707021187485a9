import type { LoaderFunctionArgs } from 'react-router'
import { dance } from '../dance.ts'

export const loader = ({ request }: LoaderFunctionArgs) => dance.handle(request)
export const action = loader
