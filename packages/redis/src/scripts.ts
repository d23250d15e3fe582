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
 * A record is a hash: attempts, until (ms since the epoch, or "never"), token, step, held, and, where it has them,
 * note, answer, work, kind. A field that is absent is `false` in Lua. With work it is a member of the sorted set of its
 * kind, `due` or `due-post` (its score is `until`), or of `dead` (all scores are 0, which sorts by bytes), and does not
 * expire.
 */
const prelude = `
local base, offset = KEYS[1], tonumber(ARGV[1])
local dueSets, dead = { run = base .. 'due', post = base .. 'due-post' }, base .. 'dead'
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000) + offset

local function name(key) return base .. 'record:' .. key end

local function instant(number) return string.format('%.0f', math.min(number, 9007199254740991)) end

-- nil where there is none; nil and true where it was forgotten
local function find(key)
  local row = redis.call('HMGET', name(key),
    'attempts', 'until', 'token', 'step', 'held', 'note', 'answer', 'work', 'kind')
  if not row[1] then return nil end
  local record = { attempts = tonumber(row[1]), ends = tonumber(row[2]), token = row[3], step = tonumber(row[4]),
    held = row[5] == '1', note = row[6], answer = row[7], work = row[8], kind = row[9] or 'run' }
  record.isPast = record.ends ~= nil and record.ends <= now
  if record.answer and not record.work and record.isPast then return nil, true end
  return record
end

-- when its time has been past for linger; without a time: never
local function expire(key, ends, linger)
  if ends then redis.call('PEXPIREAT', name(key), instant(ends + linger))
  else redis.call('PERSIST', name(key)) end
end

local function hand(key, attempts, token, step, leaseMs)
  redis.call('HSET', name(key), 'attempts', attempts, 'until', instant(now + leaseMs),
    'token', token, 'step', step, 'held', '1')
end

-- with its work, and first out of where it was: a Redis that is full refuses a script that begins by needing room,
-- and what frees it again is work that is taken and saved
local function handWork(key, record, token, step, leaseMs)
  redis.call('ZREM', dueSets[record.kind], key)
  redis.call('ZREM', dead, key)
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
  return { key, record.attempts, record.ends and instant(record.ends - now) or false, record.held and 1 or 0,
    record.note, record.answer, record.work }
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
    return { 'held', record.ends and instant(math.max(0, record.ends - now)) or '0' }
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
local isFree = record.isPast or early and (not record.ends or not record.held)
return isFree and handWork(key, record, token, step, leaseMs) or {}
`;

/** The holder writes: `[1 or 0, ms until its work is due, its kind]`. `ARGV` ends with the fields to take away, then those to set. */
const save = `
local key, linger, token, step, forMs = ARGV[2], tonumber(ARGV[3]), ARGV[4], tonumber(ARGV[5]), ARGV[6]
local record = find(key)
if not record or record.token ~= token or record.step > step then return { 0 } end
if record.step == step then return { 1 } end

local ends = record.ends
if forMs == 'never' then ends = nil elseif forMs ~= '' then ends = now + tonumber(forMs) end

-- first what goes, as above
local firstSet = 8 + tonumber(ARGV[7])
redis.call('HDEL', name(key), 'until', unpack(ARGV, 8, firstSet - 1))
redis.call('HSET', name(key), 'until', ends and instant(ends) or 'never', 'step', step, unpack(ARGV, firstSet))

local works = redis.call('HEXISTS', name(key), 'work') == 1
local answers = redis.call('HEXISTS', name(key), 'answer') == 1
local kind = redis.call('HGET', name(key), 'kind') or 'run'
if record.kind ~= kind or not works or not ends then redis.call('ZREM', dueSets[record.kind], key) end
if works and ends then redis.call('ZADD', dueSets[kind], instant(ends), key) end
if works and not ends then redis.call('ZADD', dead, 0, key) else redis.call('ZREM', dead, key) end
-- what was settled is forgotten at its time, what is free keeps its note for longer
expire(key, not works and ends, answers and 0 or linger)
return { 1, works and ends and instant(ends - now), kind }
`;

/** One record: `[key, …]` or nothing. */
const get = `
local record = find(ARGV[2])
return record and entry(ARGV[2], record) or {}
`;

/** The dead letters after a key, in the order of their bytes. */
const listDead = `
local entries = {}
local after = ARGV[2] == '' and '-' or '(' .. ARGV[2]
for _, key in ipairs(redis.call('ZRANGEBYLEX', dead, after, '+', 'LIMIT', 0, ARGV[3])) do
  local record = find(key)
  if record then table.insert(entries, entry(key, record)) end
end
return entries
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
  "claim" | "take" | "takeOne" | "save" | "get" | "listDead" | "listDue" | "firstDue" | "open" | "keepLinger";

/** All of them, by the name of what they do. */
export const scripts: Readonly<Record<ScriptName, Script>> = {
  claim: script(prelude + claim),
  take: script(prelude + take),
  takeOne: script(prelude + takeOne),
  save: script(prelude + save),
  get: script(prelude + get),
  listDead: script(prelude + listDead),
  listDue: script(prelude + listDue),
  firstDue: script(prelude + firstDue),
  open: script(open),
  keepLinger: script(keepLinger),
};

function script(lua: string): Script {
  return { lua, sha: createHash("sha1").update(lua).digest("hex") };
}
