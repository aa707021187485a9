import { dance } from './dance.ts'

export default (request: Request) => dance.handle(request)
