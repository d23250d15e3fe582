/** One record in Lua: what every script of a shard begins with. */

/**
 * `KEYS[1]` is what all names of the shard begin with, so that they are on one node of a Cluster and a client's own prefix
 * stays in front. `ARGV[1]` puts the clock off, for tests; `ARGV[2]` is the linger.
 *
 * A record is a hash: attempts, until (ms since the epoch), token, step, held, and, where it has them, note, answer, work,
 * kind, died, name, id, listed, keeps. `keeps` is until when the event is kept, which stands in a name of its own; `listed` is
 * explained in `sets.ts`.
 */
export const record = `
local base, offset, linger = KEYS[1], tonumber(ARGV[1]), tonumber(ARGV[2])
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000) + offset

local function name(key) return base .. 'record:' .. key end
local function keptName(key) return base .. 'kept:' .. key end

local function instant(number) return string.format('%.0f', math.min(number, 9007199254740991)) end

-- nil where it was forgotten
local function judged(record)
  record.isPast = record.ends <= now
  record.isDead = record.died and record.kind == 'dead'
  if record.isPast and (record.isDead or record.answer and not record.work) then return nil end
  return record
end

-- nil where there is none; nil and true where it was forgotten
local function find(key)
  local row, record = redis.call('HGETALL', name(key)), {}
  for index = 1, #row, 2 do record[row[index]] = row[index + 1] end
  if not record.attempts then return nil end
  record.attempts, record.step, record.keeps = tonumber(record.attempts), tonumber(record.step), tonumber(record.keeps)
  -- a process of an older version may still write that the time never comes
  record.ends = tonumber(record['until']) or 9007199254740991
  record.held, record.kind = record.held == '1', record.kind or 'run'
  record = judged(record)
  return record, record == nil
end
`;

/** What the table of `Backend` says of a record. It looks whether there is an answer or work, not what they say. */
export const state = `
local function stateOf(record)
  if record.work then
    if record.isDead or record.kind == 'paused' then return record.kind end
    if record.isPast then return 'due' end
  elseif record.answer then return 'settled'
  elseif record.isPast then return 'free' end
  return record.held and 'held' or 'waiting'
end

local function keptOf(key, record)
  return record.keeps and record.keeps > now and redis.call('GET', keptName(key)) or false
end
`;

/** How a record is written. */
export const writing = `
local function drop(key) redis.call('DEL', name(key), keptName(key)) end

-- to its holder for the lease, with more fields
local function hand(key, record, token, step, leaseMs, ...)
  record.attempts, record.ends, record.held = record.attempts + 1, now + leaseMs, true
  redis.call('HSET', name(key), 'attempts', record.attempts, 'until', instant(record.ends),
    'token', token, 'step', step, 'held', '1', ...)
end

-- when Redis forgets it; nil: never
local function endOf(record)
  if record.work and not record.isDead then return nil end
  return record.ends + ((record.work or record.answer) and 0 or linger)
end

-- and what it keeps with it; false where it is forgotten now
local function expire(key, record)
  local ends = endOf(record)
  if ends and ends <= now then
    drop(key)
    return false
  end
  if ends then redis.call('PEXPIREAT', name(key), instant(ends))
  else redis.call('PERSIST', name(key)) end
  if record.keeps then
    redis.call('PEXPIREAT', keptName(key), instant(math.min(record.keeps, ends or record.keeps)))
  end
  return true
end
`;

/** How it keeps what was handled. */
export const keeping = `
-- '' is nothing any more; how long Redis has it, expire says
local function keep(key, record, text, ms)
  record.keeps = text ~= '' and ms > 0 and now + ms or nil
  if record.keeps then
    redis.call('HSET', name(key), 'keeps', instant(record.keeps))
    redis.call('SET', keptName(key), text)
  else
    redis.call('HDEL', name(key), 'keeps')
    redis.call('DEL', keptName(key))
  end
end
`;
