/** What keeps a receiver's records in order, in Lua: opening, the sweep, and what an older version left behind. */
import { record, writing } from "./record.ts";
import { script, type Script } from "./script.ts";
import { seating, segments, sets } from "./sets.ts";

/**
 * How a receiver's records are spread and kept: `[shards, linger, whether all is listed that can be]`. The first to open says
 * how many shards, and finds nothing of an older version.
 */
const open = `
if redis.call('HSETNX', KEYS[1], 'shards', ARGV[1]) == 1 then redis.call('HSET', KEYS[1], 'listed', '1') end
return redis.call('HMGET', KEYS[1], 'shards', 'linger', 'listed')
`;

/** All is listed that can be. */
const markListed = `
redis.call('HSET', KEYS[1], 'listed', '1')
`;

/** Keeps the longest retention that was given. */
const keepLinger = `
local known = tonumber(redis.call('HGET', KEYS[1], 'linger') or '0')
if tonumber(ARGV[1]) > known then redis.call('HSET', KEYS[1], 'linger', ARGV[1]) end
`;

/** Notes that there is a receiver of this name. */
const enrol = `
redis.call('SADD', KEYS[1], ARGV[1])
`;

/** The names of all receivers. */
const receivers = `
return redis.call('SMEMBERS', KEYS[1])
`;

/**
 * Makes a segment of the first so many that arrived, if there are as many as it is worth or the first has waited for an hour;
 * and puts them where they are found by their ids. Returns how many.
 */
const close = `
local limit, least = tonumber(ARGV[3]), tonumber(ARGV[4])
local members = redis.call('LRANGE', arrived, 0, limit - 1)
if #members == 0 then return 0 end
local first = arrivalOf(members[1])
if #members < least and now - tonumber(first) < 3600000 then return 0 end

-- no ms is cut in two, and of this one there may come more
local closed, behind = #members, redis.call('LINDEX', arrived, limit)
local open = behind and tonumber(arrivalOf(behind)) or now
while closed > 0 and tonumber(arrivalOf(members[closed])) >= open do closed = closed - 1 end
if closed > 0 then
  redis.call('LTRIM', arrived, closed, -1)
  local isNew = redis.call('RPUSH', segmentOf(first), unpack(members, 1, closed)) == closed
  redis.call('ZADD', base .. 'segments', 0, first)
  redis.call('ZADD', base .. 'look', instant(now + 3600000), first)
  local tags, known = {}, {}
  for index = 1, closed do
    local tag = string.sub(members[index], 17, 20)
    if not known[tag] then table.insert(tags, tag) end
    known[tag] = true
  end
  -- there is one already only if the clock was put back: what is in it is read, then
  if isNew then redis.call('HSET', base .. 'names', first, table.concat(tags, ' '))
  else redis.call('HDEL', base .. 'names', first) end
end
for _, member in ipairs(members) do
  local listed, key = partsOf(member)
  local set = idSetOf(listed)
  if set then redis.call('ZADD', set, 0, arrivalOf(listed) .. key) end
end
return closed
`;

/**
 * Looks what became of a segment, if it is time, and of some dead letters whose time is past: what is gone leaves all sets.
 * Returns how much was looked at.
 */
const sweep = `
local gone, still, hasChanged, nextLook = {}, {}, false, nil
local function leave(set, member)
  gone[set] = gone[set] or {}
  table.insert(gone[set], member)
end

local function look(member)
  local listed, key = partsOf(member)
  local record, place = find(key), arrivalOf(listed) .. key
  -- it may be in them in vain, since the version before does not know them
  leave(base .. 'open', place)
  leave(base .. 'paused', place)
  local isThere = record and isListed(record) and arrivalOf(record.listed) == arrivalOf(listed)
  local isGone = not isThere or (endOf(record) or now + 1) <= now
  hasChanged = hasChanged or isGone or record.listed ~= listed
  -- its id may have been erased, or have come again
  local idSet = idSetOf(listed)
  if idSet and (isGone or idSet ~= idSetOf(record.listed)) then leave(idSet, place) end
  if isGone then return end
  table.insert(still, { key, record })
  -- what may change any time is looked at in an hour, and nothing later than in a week
  local ends = (record.isDead or record.answer and not record.work) and math.min(record.ends, now + 604800000) or now
  nextLook = math.min(nextLook or ends, ends)
end

local first = redis.call('ZRANGEBYSCORE', base .. 'look', '-inf', instant(now), 'LIMIT', 0, 1)[1]
local members = first and redis.call('LRANGE', segmentOf(first), 0, -1) or {}
for _, member in ipairs(members) do look(member) end

local forgotten = redis.call('ZRANGEBYSCORE', base .. 'forgets', '-inf', instant(now), 'LIMIT', 0, 500)
for _, place in ipairs(forgotten) do
  leave(base .. 'died', place)
  leave(base .. 'forgets', place)
end

for set, places in pairs(gone) do redis.call('ZREM', set, unpack(places)) end
if first then
  redis.call('ZREM', base .. 'look', first)
  if hasChanged then redis.call('DEL', segmentOf(first)) end
  if #still == 0 then
    redis.call('ZREM', base .. 'segments', first)
    redis.call('HDEL', base .. 'names', first)
  end
end
for _, each in ipairs(still) do
  local key, record = each[1], each[2]
  if hasChanged then redis.call('RPUSH', segmentOf(first), record.listed .. key) end
  move({}, seatsOf(key, record))
end
if nextLook then redis.call('ZADD', base .. 'look', instant(math.max(nextLook, now + 3600000)), first) end
return #members + #forgotten
`;

/** Some dead letters of a version that never forgot them: they die now. Returns how many are left. */
const buryOldDead = `
local before = base .. 'dead'
for _, key in ipairs(redis.call('ZRANGE', before, 0, 99)) do
  redis.call('ZREM', before, key)
  local work, ends = unpack(redis.call('HMGET', name(key), 'work', 'until'))
  if work and ends == 'never' then
    redis.call('HSET', name(key), 'kind', 'dead', 'until', instant(now + tonumber(ARGV[3])), 'died', instant(now))
    local record = find(key)
    expire(key, record)
    move({}, seatsOf(key, record))
  end
end
return redis.call('ZCARD', before)
`;

/** Records with work that only the version before knows, of a set from a cursor on: `[the next cursor, [key, work], …]`. */
const findOld = `
local set = base .. ARGV[3]
local cursor, members = unpack(redis.call('ZSCAN', set, ARGV[4], 'COUNT', 100))
local found = { cursor }
for index = 1, #members, 2 do
  local key = ARGV[3] == 'died' and string.sub(members[index], 17) or members[index]
  local record = find(key)
  if record and record.work and not record.listed then table.insert(found, { key, record.work }) end
end
return found
`;

/** Lists such a record. `ARGV`: its key, when it arrived ('' if nobody knows), the tags, the name and the id of what it is about. */
const listOld = `
local key, arrivedAt, tags = ARGV[3], tonumber(ARGV[4]), ARGV[5]
local record = find(key)
if not record or not record.work or record.listed then return end
local latest = tonumber(record.died) or now
record.listed = placeOf(math.max(0, math.min(arrivedAt or latest, latest)), tags)
redis.call('HSET', name(key), 'listed', record.listed, 'name', ARGV[6], 'id', ARGV[7])
redis.call('RPUSH', arrived, record.listed .. key)
move({}, seatsOf(key, record))
`;

const changing = [record, writing, sets, segments, seating];

type Upkeep =
  | "open"
  | "markListed"
  | "keepLinger"
  | "enrol"
  | "receivers"
  | "close"
  | "sweep"
  | "buryOldDead"
  | "findOld"
  | "listOld";

/** The scripts of no verb. */
export const upkeep: Readonly<Record<Upkeep, Script>> = {
  open: script(open),
  markListed: script(markListed),
  keepLinger: script(keepLinger),
  enrol: script(enrol),
  receivers: script(receivers),
  close: script(record, sets, segments, close),
  sweep: script(...changing, sweep),
  buryOldDead: script(record, writing, sets, seating, buryOldDead),
  findOld: script(record, findOld),
  listOld: script(...changing, listOld),
};
