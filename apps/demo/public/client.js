// What the page gains from a script: a countdown, calls without a reload, and a log that moves.

startCountdown()
followLog()
for (const form of document.querySelectorAll('form[data-call]')) {
  form.addEventListener('submit', callInPlace)
}

function startCountdown() {
  const tick = () => {
    for (const time of document.querySelectorAll('[data-expires]')) showRest(time)
  }
  tick()
  setInterval(tick, 1000)
}

function showRest(time) {
  const rest = Math.ceil(Number(time.dataset.expires) - Date.now() / 1000)
  time.textContent = rest > 0 ? `in ${inWords(rest)}` : 'now: the next call refreshes it'
  time.classList.toggle('over', rest <= 0)
  const left = Math.max(0, Math.min(1, rest / Number(time.dataset.life)))
  if (left >= 0) time.closest('.card').style.setProperty('--left', left)
}

function inWords(seconds) {
  if (seconds < 120) return `${seconds} s`
  return seconds < 7200 ? `${Math.floor(seconds / 60)} min` : `${Math.floor(seconds / 3600)} h`
}

function followLog() {
  const log = document.querySelector('#log')
  const events = new EventSource(`/events?after=${log.dataset.after}`)
  // The server has escaped every value in this markup; the page and the stream share one template.
  events.addEventListener('message', ({ data }) => log.insertAdjacentHTML('afterbegin', data))
}

async function callInPlace(event) {
  event.preventDefault()
  const form = event.currentTarget
  const button = form.querySelector('button')
  if (button.getAttribute('aria-disabled') === 'true') return
  button.setAttribute('aria-disabled', 'true')
  const card = form.closest('.card')
  try {
    const answer = await fetch(`/call?${new URLSearchParams(new FormData(form))}`, {
      headers: { accept: 'application/json' },
    })
    show(card, await answer.json())
  } catch {
    show(card, { error: 'offline', message: 'The demo does not answer. Is it still running?' })
  } finally {
    button.removeAttribute('aria-disabled')
  }
}

function show(card, result) {
  const area = card.querySelector('.answer')
  if (result.error === undefined) {
    area.replaceChildren(outcome(result), code(result.text))
    const time = card.querySelector('[data-expires]')
    if (time && result.expiresAt) time.dataset.expires = result.expiresAt
    if (time) showRest(time)
  } else {
    area.replaceChildren(problem(result))
  }
}

function outcome({ path, status }) {
  const line = document.createElement('p')
  line.append(element('code', `GET ${path}`), ' answered ', element('strong', status))
  return line
}

function code(text) {
  const block = document.createElement('pre')
  block.tabIndex = 0
  block.append(element('code', text))
  return block
}

function problem({ error, message, loginUrl }) {
  const line = element('p', message ?? reasons[error] ?? error)
  line.className = 'notice bad'
  if (loginUrl) {
    const link = element('a', 'Connect again')
    link.href = loginUrl
    line.append(' ', link)
  }
  return line
}

const reasons = {
  login_required: 'The connection has ended.',
  scope_required: 'This needs a scope that you have not given yet.',
}

function element(name, text) {
  const node = document.createElement(name)
  node.textContent = text
  return node
}
