// A group has three keys: KEYS[1], a hash from names to entries; KEYS[2], its names in order; KEYS[3], its names by
// the second at which they end. An entry is the text "VERSION END VALUE".

/** Seconds that an entry is kept after its end: not every clock that reads it is right. */
const grace = 60

/** Finds the entry ARGV[1] and its version; what has ended at ARGV[2] has none. */
const find = `
local now = tonumber(ARGV[2])
local entry = redis.call('HGET', KEYS[1], ARGV[1])
local version, ends = string.match(entry or '', '^(%S+) (%S+)')
if version and tonumber(ends) <= now then version = nil end
`

/** Whether ARGV[3], the condition, is met. */
const isMet = `(ARGV[3] == 'any' or ARGV[3] == (version and '=' .. version or 'absent'))`

/** Forgets a name. */
const forget = `
local function forget(name)
  redis.call('HDEL', KEYS[1], name)
  redis.call('ZREM', KEYS[2], name)
  redis.call('ZREM', KEYS[3], name)
end
`

/** ARGV: name, now. */
export const getScript: string = `${find}
return version and entry
`

/**
 * ARGV: name, now, condition, the new version, end, value, the end that means never. Each write also collects some of
 * what has ended, and lets the group as a whole end with the last of its entries.
 */
export const putScript: string = `${find}${forget}
if version == ARGV[4] then return 'done' end -- the client lost the answer and sent it again
if not ${isMet} then return 'conflict' end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[4] .. ' ' .. ARGV[5] .. ' ' .. ARGV[6])
redis.call('ZADD', KEYS[2], 0, ARGV[1])
redis.call('ZADD', KEYS[3], ARGV[5], ARGV[1])
local ended = redis.call('ZRANGEBYSCORE', KEYS[3], '-inf', now - ${grace}, 'LIMIT', 0, 10)
for _, name in ipairs(ended) do
  if name ~= ARGV[1] then forget(name) end
end
local last = tonumber(redis.call('ZREVRANGE', KEYS[3], 0, 0, 'WITHSCORES')[2])
for _, key in ipairs(KEYS) do
  if last == tonumber(ARGV[7]) then
    redis.call('PERSIST', key)
  else
    redis.call('PEXPIRE', key, math.max(1, math.ceil((last - now + ${grace}) * 1000)))
  end
end
return 'done'
`

/** ARGV: name, now, condition. */
export const deleteScript: string = `${find}${forget}
if not version or not ${isMet} then return 'absent' end
forget(ARGV[1])
return 'done'
`

/** ARGV: where to begin, now, how many. Names follow a word and a line break: no client parses that. */
export const listScript: string = `
local from, now, limit = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3])
local names = {'names'}
while true do
  local some = redis.call('ZRANGEBYLEX', KEYS[2], from, '+', 'LIMIT', 0, limit)
  for _, name in ipairs(some) do
    if tonumber(redis.call('ZSCORE', KEYS[3], name)) > now then names[#names + 1] = name end
    if #names > limit then break end
  end
  if #names > limit or #some < limit then return table.concat(names, '\\n') end
  from = '(' .. some[#some]
end
`
