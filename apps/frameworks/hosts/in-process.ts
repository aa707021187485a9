import type { App } from '@fetch-dance/testing'
import { readAnswer, toRequest } from '../support/wire.ts'
import type { Running } from './host.ts'

/** A handler of this very process. */
export function inProcess(app: App): Running {
  return {
    app,
    async send(request) {
      const answer = await readAnswer(await app(toRequest(request)))
      return request.method === 'HEAD' ? { ...answer, body: '' } : answer // as every server does
    },
    stop: async () => {},
  }
}
