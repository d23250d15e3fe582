/** The verbs as Lua, one atomic script each, on the server's clock. */
import { createHash } from "node:crypto";

/** A script and the name by which Redis knows it. */
export interface Script {
  /** The text of the script. */
  readonly lua: string;
  /** The SHA-1 of the text, in hexadecimal digits. */
  readonly sha: string;
}

/**
 * What every script of a shard begins with. `KEYS[1]` is what all names of the shard begin with, so that they are on
 * one node of a Cluster and a client's own prefix stays in front; `ARGV[1]` puts the clock off, for tests.
 *
 * A record is a hash: attempts, until (ms since the epoch), token, step, held, and, where it has them, note, answer, work,
 * kind, died. A field that is absent is `false` in Lua. With work to be done it is a member of the sorted set of its kind,
 * `due` or `due-post` (its score is `until`), and does not expire. A dead letter has a place in `died` (all scores are 0,
 * which sorts by bytes, and so by death) and in `forgets` (its score is `until`).
 */
const prelude = `
local base, offset = KEYS[1], tonumber(ARGV[1])
local dueSets = { run = base .. 'due', post = base .. 'due-post' }
local died, forgets = base .. 'died', base .. 'forgets'
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000) + offset

local function name(key) return base .. 'record:' .. key end

local function instant(number) return string.format('%.0f', math.min(number, 9007199254740991)) end

-- nil where there is none; nil and true where it was forgotten
local function find(key)
  local row = redis.call('HMGET', name(key),
    'attempts', 'until', 'token', 'step', 'held', 'note', 'answer', 'work', 'kind', 'died')
  if not row[1] then return nil end
  -- a process of the version before may still write that the time never comes
  local ends = tonumber(row[2]) or 9007199254740991
  local record = { attempts = tonumber(row[1]), ends = ends, token = row[3], step = tonumber(row[4]),
    held = row[5] == '1', note = row[6], answer = row[7], work = row[8], kind = row[9] or 'run', died = row[10] }
  record.isPast = record.ends <= now
  if record.isPast and (record.died or record.answer and not record.work) then return nil, true end
  return record
end

-- when its time has been past for linger; without a time: never
local function expire(key, ends, linger)
  if ends then redis.call('PEXPIREAT', name(key), instant(ends + linger))
  else redis.call('PERSIST', name(key)) end
end

-- its place in the order of death; both parts of it are what a cursor says
local function placeOf(diedAt, key) return string.format('%016.0f', diedAt) .. key end

local function leave(place)
  redis.call('ZREM', died, place)
  redis.call('ZREM', forgets, place)
end

-- as a dead letter until its time, in the place of some that are forgotten
local function bury(key, diedAt, ends)
  for _, place in ipairs(redis.call('ZRANGEBYSCORE', forgets, '-inf', instant(now), 'LIMIT', 0, 10)) do leave(place) end
  redis.call('HSET', name(key), 'died', instant(diedAt))
  redis.call('ZADD', died, 0, placeOf(diedAt, key))
  redis.call('ZADD', forgets, instant(ends), placeOf(diedAt, key))
  expire(key, ends, 0)
end

local function exhume(key, record)
  leave(placeOf(record.died, key))
  redis.call('HDEL', name(key), 'died')
end

local function hand(key, attempts, token, step, leaseMs)
  redis.call('HSET', name(key), 'attempts', attempts, 'until', instant(now + leaseMs),
    'token', token, 'step', step, 'held', '1')
end

-- with its work, and first out of where it was: a Redis that is full refuses a script that begins by needing room,
-- and what frees it again is work that is taken and saved
local function handWork(key, record, token, step, leaseMs)
  if record.died then
    exhume(key, record)
    expire(key)
    record.kind = 'run'
    redis.call('HSET', name(key), 'kind', 'run')
  else
    redis.call('ZREM', dueSets[record.kind], key)
  end
  hand(key, record.attempts + 1, token, step, leaseMs)
  redis.call('ZADD', dueSets[record.kind], instant(now + leaseMs), key)
  return { key, record.attempts + 1, record.work, record.answer, record.note, record.kind }
end

-- what has been due longest, or will be due first, of one kind ('' for any): its key, its time, its set
local function first(kind)
  local key, ends, set
  for each, name in pairs(dueSets) do
    if kind == '' or kind == each then
      local found = redis.call('ZRANGE', name, 0, 0, 'WITHSCORES')
      if found[1] and (not key or tonumber(found[2]) < tonumber(ends)) then key, ends, set = found[1], found[2], name end
    end
  end
  return key, ends, set
end

local function entry(key, record)
  return { key, record.attempts, instant(record.ends - now), record.held and 1 or 0, record.note, record.answer,
    record.work, record.died }
end
`;

/** A delivery asks: `[state, …]`. A forgotten one is claimed afresh. */
const claim = `
local key, linger, token, step, leaseMs = ARGV[2], tonumber(ARGV[3]), ARGV[4], ARGV[5], tonumber(ARGV[6])
local record, isForgotten = find(key)
if record then
  if record.token == token then return { 'claimed', record.attempts, record.note } end
  if record.answer then return { 'settled', record.answer } end
  if record.work or not record.isPast then
    return { 'held', instant(math.max(0, record.ends - now)) }
  end
else
  if isForgotten then redis.call('DEL', name(key)) end
  record = { attempts = 0, note = false }
end
hand(key, record.attempts + 1, token, step, leaseMs)
expire(key, now + leaseMs, linger)
return { 'claimed', record.attempts + 1, record.note }
`;

/** A worker asks for what has been due longest, of a kind or any: `[key, …]`, or `[false, ms until the next is due]`. */
const take = `
local token, step, leaseMs, kind = ARGV[2], ARGV[3], tonumber(ARGV[4]), ARGV[5]
while true do
  local key, ends, set = first(kind)
  if not key then return {} end
  if tonumber(ends) > now then return { false, instant(ends - now) } end
  local record = find(key)
  if record and record.work and dueSets[record.kind] == set then
    return handWork(key, record, token, step, leaseMs)
  end
  -- somebody removed the record by hand: it must not stand in the way of the others
  redis.call('ZREM', set, key)
end
`;

/** A worker or a person asks for one record: `[key, …]` or nothing. */
const takeOne = `
local token, step, leaseMs, key, early = ARGV[2], ARGV[3], tonumber(ARGV[4]), ARGV[5], ARGV[6] == '1'
local record = find(key)
if not record or not record.work then return {} end
local isFree = record.isPast or early and (record.died or not record.held)
return isFree and handWork(key, record, token, step, leaseMs) or {}
`;

/**
 * The holder writes: `[1 or 0, ms until its work is due, its kind]`. `ARGV` ends with whether the record dies now, the fields
 * to take away, then those to set.
 */
const save = `
local key, linger, token, step, forMs, dies = ARGV[2], tonumber(ARGV[3]), ARGV[4], tonumber(ARGV[5]), ARGV[6], ARGV[7] == '1'
local record = find(key)
if not record or record.token ~= token or record.step > step then return { 0 } end
if record.step == step then return { 1 } end

local ends = forMs == '' and record.ends or now + tonumber(forMs)

-- first what goes, as above
if record.died then exhume(key, record) end
local firstSet = 9 + tonumber(ARGV[8])
redis.call('HDEL', name(key), 'until', unpack(ARGV, 9, firstSet - 1))
redis.call('HSET', name(key), 'until', instant(ends), 'step', step, unpack(ARGV, firstSet))

local works = redis.call('HEXISTS', name(key), 'work') == 1
local answers = redis.call('HEXISTS', name(key), 'answer') == 1
local kind = redis.call('HGET', name(key), 'kind') or 'run'
local before = dueSets[record.kind]
if before and (record.kind ~= kind or not works) then redis.call('ZREM', before, key) end
if works and kind == 'dead' then
  bury(key, dies and now or record.died, ends)
  return { 1 }
end
if works then redis.call('ZADD', dueSets[kind], instant(ends), key) end
-- what was settled is forgotten at its time, what is free keeps its note for longer
expire(key, not works and ends, answers and 0 or linger)
return { 1, works and instant(ends - now), kind }
`;

/** One record: `[key, …]` or nothing. */
const get = `
local record = find(ARGV[2])
return record and entry(ARGV[2], record) or {}
`;

/** The dead letters that come after a death, the newest first. */
const listDead = `
local limit, diedAt, key = tonumber(ARGV[2]), ARGV[3], ARGV[4]
local entries, behind = {}, diedAt == '' and '+' or '(' .. placeOf(diedAt, key)
repeat
  local places = redis.call('ZREVRANGEBYLEX', died, behind, '-', 'LIMIT', 0, limit - #entries)
  for _, place in ipairs(places) do
    local one = string.sub(place, 17)
    local record = find(one)
    -- forgotten, or removed by hand: it must not shorten the page
    if record and record.died then table.insert(entries, entry(one, record)) else leave(place) end
    behind = '(' .. place
  end
until #places == 0 or #entries >= limit
return entries
`;

/** Some dead letters of the version before, which were never forgotten: they die now. Returns how many are left. */
const takeDeadAlong = `
local before = base .. 'dead'
for _, key in ipairs(redis.call('ZRANGE', before, 0, 99)) do
  redis.call('ZREM', before, key)
  local work, isDead = unpack(redis.call('HMGET', name(key), 'work', 'until'))
  if work and isDead == 'never' then
    redis.call('HSET', name(key), 'kind', 'dead', 'until', instant(now + tonumber(ARGV[2])))
    bury(key, now, now + tonumber(ARGV[2]))
  end
end
return redis.call('ZCARD', before)
`;

/** What is due of a kind, longest first: `[key, until, key, until, …]`. */
const listDue = `
return redis.call('ZRANGEBYSCORE', dueSets[ARGV[3]], '-inf', instant(now), 'WITHSCORES', 'LIMIT', 0, ARGV[2])
`;

/** ms until the first work of the shard, of a kind or any, is due, negative when past; or nothing. */
const firstDue = `
local key, ends = first(ARGV[2])
return key and instant(ends - now)
`;

/** How a receiver's records are spread and kept: `[shards, linger]`. The first to open says how many shards. */
const open = `
redis.call('HSETNX', KEYS[1], 'shards', ARGV[1])
return redis.call('HMGET', KEYS[1], 'shards', 'linger')
`;

/** Keeps the longest retention that was given. */
const keepLinger = `
local known = tonumber(redis.call('HGET', KEYS[1], 'linger') or '0')
if tonumber(ARGV[1]) > known then redis.call('HSET', KEYS[1], 'linger', ARGV[1]) end
`;

type ScriptName =
  | "claim"
  | "take"
  | "takeOne"
  | "save"
  | "get"
  | "listDead"
  | "takeDeadAlong"
  | "listDue"
  | "firstDue"
  | "open"
  | "keepLinger";

/** All of them, by the name of what they do. */
export const scripts: Readonly<Record<ScriptName, Script>> = {
  claim: script(prelude + claim),
  take: script(prelude + take),
  takeOne: script(prelude + takeOne),
  save: script(prelude + save),
  get: script(prelude + get),
  listDead: script(prelude + listDead),
  takeDeadAlong: script(prelude + takeDeadAlong),
  listDue: script(prelude + listDue),
  firstDue: script(prelude + firstDue),
  open: script(open),
  keepLinger: script(keepLinger),
};

function script(lua: string): Script {
  return { lua, sha: createHash("sha1").update(lua).digest("hex") };
}
