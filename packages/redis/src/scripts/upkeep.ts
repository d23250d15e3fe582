/** What keeps a receiver's records in order, in Lua: opening, the sweep, and what an older version left behind. */
import { record, writing } from "./record.ts";
import { script, type Script } from "./script.ts";
import { queues, seating, sets, shelves } from "./sets.ts";

/**
 * How a receiver's records are spread and kept: `[shards, linger, whether all is listed that can be]`. The first to open says how
 * many shards, and finds nothing of an older version.
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

/** Puts some of those that arrived on their shelves. Of so many at most; returns how many. */
const shelve = `
local members, shelves = redis.call('LRANGE', arrived, 0, ARGV[3] - 1), {}
if #members == 0 then return 0 end
redis.call('LTRIM', arrived, #members, -1)
for _, member in ipairs(members) do
  eachShelf(string.sub(member, 25), string.sub(member, 1, 24), function(set, place)
    shelves[set] = shelves[set] or {}
    table.insert(shelves[set], 0)
    table.insert(shelves[set], place)
  end)
end
for set, places in pairs(shelves) do redis.call('ZADD', set, unpack(places)) end
redis.call('RPUSH', lookIn(hourOf(now) + 1), unpack(members))
return #members
`;

/**
 * Looks what became of what is listed, of the hours that are past: those that are gone leave all sets, the others are looked at
 * again later. Of so many at most; returns how many.
 */
const sweep = `
local limit, gone, still, looked = tonumber(ARGV[3]), {}, {}, 0
local function leave(set, member)
  gone[set] = gone[set] or {}
  table.insert(gone[set], member)
end

local function look(member)
  local listed, key = string.sub(member, 1, 24), string.sub(member, 25)
  local record = find(key)
  -- it may be in them in vain, since the version before does not know them
  for _, set in ipairs({ 'open', 'paused' }) do leave(base .. set, arrivalOf(listed) .. key) end
  local isThere = record and isListed(record) and arrivalOf(record.listed) == arrivalOf(listed)
  if isThere and (endOf(record) or now + 1) > now then table.insert(still, { key, record })
  else eachShelf(key, listed, leave) end
end

-- nothing is looked at later than in a week
local hour = tonumber(redis.call('GET', base .. 'swept') or hourOf(now) - 168)
while looked < limit and hour <= hourOf(now) do
  local members = redis.call('LRANGE', lookIn(hour), 0, limit - looked - 1)
  if #members > 0 then redis.call('LTRIM', lookIn(hour), #members, -1) end
  for _, member in ipairs(members) do look(member) end
  looked = looked + #members
  if looked < limit then hour = hour + 1 end
end

local forgotten = redis.call('ZRANGEBYSCORE', base .. 'forgets', '-inf', instant(now), 'LIMIT', 0, limit)
for _, place in ipairs(forgotten) do
  leave(base .. 'died', place)
  leave(base .. 'forgets', place)
end

for set, members in pairs(gone) do redis.call('ZREM', set, unpack(members)) end
for _, found in ipairs(still) do
  local key, record = found[1], found[2]
  local isOver = record.isDead or record.answer and not record.work
  local lookAt = isOver and math.min(record.ends, now + 604800000) or now
  redis.call('RPUSH', lookIn(hourOf(lookAt) + 1), record.listed .. key)
  move({}, seatsOf(key, record))
end
redis.call('SET', base .. 'swept', instant(hour))
return math.max(looked, #forgotten)
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

const changing = [record, writing, sets, shelves, seating, queues];

type Upkeep =
  | "open"
  | "markListed"
  | "keepLinger"
  | "enrol"
  | "receivers"
  | "shelve"
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
  shelve: script(record, shelves, queues, shelve),
  sweep: script(...changing, sweep),
  buryOldDead: script(record, writing, sets, seating, buryOldDead),
  findOld: script(record, findOld),
  listOld: script(...changing, listOld),
};
