/** The codes that a person can do something about; all others are told as they are. */
const reasons: ReadonlyMap<string, string> = new Map([
  ['access_denied', 'You declined, and that is fine: nothing has changed.'],
  [
    'cannot_persist',
    'The connection could not be renewed just now. Reload the page, or connect again.',
  ],
  [
    'cookies_blocked',
    'This browser keeps no cookies for this site: without them nobody can connect.',
  ],
  ['flow_expired', 'That took too long. Please start again.'],
  [
    'login_required',
    'The connection has ended: Google no longer accepts its token. Connect again.',
  ],
  [
    'provider_unavailable',
    'Google cannot be asked right now. The connection is kept: try again later.',
  ],
  ['scope_refused', 'The permission to add events was not given.'],
])

/** What did not end well, in words. */
export function Notice({ code, askAgain }: { code: string; askAgain: string }) {
  return (
    <p className={code === 'access_denied' ? 'notice' : 'notice bad'} role="status">
      {reasons.get(code) ?? `That did not work out (${code}). Please try again.`}{' '}
      {code === 'scope_refused' && <a href={askAgain}>Ask for it again</a>}
    </p>
  )
}
