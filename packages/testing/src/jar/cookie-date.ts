const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']

/** Milliseconds since epoch of a cookie's date (RFC 6265bis, section 5.1.1); null if it is none. */
export function parseCookieDate(text: string): number | null {
  const found: { time?: RegExpExecArray; day?: number; month?: number; year?: number } = {}
  for (const token of text.split(/[^\w:]+/)) {
    const time = /^(\d{1,2}):(\d{1,2}):(\d{1,2})(?!\d)/.exec(token)
    const month = months.indexOf(token.slice(0, 3).toLowerCase())
    if (found.time === undefined && time !== null) found.time = time
    else if (found.day === undefined && /^\d{1,2}(?!\d)/.test(token))
      found.day = Number.parseInt(token, 10)
    else if (found.month === undefined && month >= 0) found.month = month
    else if (found.year === undefined && /^\d{2,4}(?!\d)/.test(token))
      found.year = fullYear(Number.parseInt(token, 10))
  }
  const { time, day, month, year } = found
  if (time === undefined || day === undefined || month === undefined || year === undefined)
    return null
  const [hour, minute, second] = [Number(time[1]), Number(time[2]), Number(time[3])]
  if (day < 1 || day > 31 || year < 1601 || hour > 23 || minute > 59 || second > 59) return null
  const date = new Date(Date.UTC(year, month, day, hour, minute, second))
  return date.getUTCMonth() === month ? date.getTime() : null
}

function fullYear(year: number): number {
  if (year >= 70 && year <= 99) return year + 1900
  return year < 70 ? year + 2000 : year
}
