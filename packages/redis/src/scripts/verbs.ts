/** The verbs that change a record, in Lua. */
import { first } from "./due.ts";
import { keeping, record, state, writing } from "./record.ts";
import { script, type Script } from "./script.ts";
import { seating, segments, sets } from "./sets.ts";

/**
 * A delivery asks: `[state, …]`, after a claim with how many are in the newest segment. A forgotten record is claimed
 * afresh. `ARGV` ends with the tags, the name and the id of what the record is about, if the delivery says anything.
 */
const claim = `
local key, token, step, leaseMs, tags = ARGV[3], ARGV[4], ARGV[5], tonumber(ARGV[6]), ARGV[7]
local record, isForgotten = find(key)
if record then
  if record.token == token then return { 'claimed', record.attempts, record.note or false } end
  if record.answer then return { 'settled', record.answer } end
  if record.work or not record.isPast then
    return { 'held', instant(math.max(0, record.ends - now)) }
  end
else
  if isForgotten then drop(key) end
  record = { attempts = 0 }
end

local many = 0
if tags and not isListed(record) then
  record.listed = placeOf(now, tags)
  hand(key, record, token, step, leaseMs, 'listed', record.listed, 'name', ARGV[8], 'id', ARGV[9])
  many = redis.call('RPUSH', base .. 'arrived', record.listed .. key)
  redis.call('ZADD', base .. 'open', 0, arrivalOf(record.listed) .. key)
elseif tags and string.sub(record.listed, 21, 24) == '----' and string.sub(tags, 5) ~= '----' then
  -- it was erased, and its event comes again; its segment hears of it with the next sweep
  record.listed = string.sub(record.listed, 1, 20) .. string.sub(tags, 5)
  hand(key, record, token, step, leaseMs, 'listed', record.listed, 'id', ARGV[9])
  redis.call('ZADD', idSetOf(record.listed), 0, arrivalOf(record.listed) .. key)
elseif not record.listed then hand(key, record, token, step, leaseMs, 'listed', '')
else hand(key, record, token, step, leaseMs) end
expire(key, record)
return { 'claimed', record.attempts, record.note or false, many }
`;

/** What hands out work: `[key, …]`, which ends with whether only the version before knows the record. */
const handing = `
local function handWork(key, record, token, step, leaseMs)
  local before, fields = seatsOf(key, record), {}
  -- the work of a dead letter or of a paused record is a run from now on, and so is what was kept
  if not record.work or not dueSets[record.kind] then
    record.work, record.kind = record.work or keptOf(key, record), 'run'
    fields = { 'work', record.work, 'kind', 'run' }
  end
  record.isDead = false
  -- it needs no room, and so comes first: a Redis that is full refuses a script that begins by needing some, and what frees
  -- it again is work that is taken and saved
  expire(key, record)
  if record.died then redis.call('HDEL', name(key), 'died') end
  hand(key, record, token, step, leaseMs, unpack(fields))
  move(before, seatsOf(key, record))
  return { key, record.attempts, record.work, record.answer or false, record.note or false, record.kind,
    record.listed and 0 or 1 }
end
`;

/** A worker asks for what has been due longest, of a kind or any: `[key, …]`, or `[false, ms until the next is due]`. */
const take = `
local token, step, leaseMs, kind = ARGV[3], ARGV[4], tonumber(ARGV[5]), ARGV[6]
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

/** A worker asks for one record, or a person early, in any state or in just one: `[key, …]` or nothing. */
const takeOne = `
local token, step, leaseMs, key, early = ARGV[3], ARGV[4], tonumber(ARGV[5]), ARGV[6], ARGV[7]
local record = find(key)
if not record then return {} end
local state, isFree = stateOf(record), false
if early == '' then isFree = state == 'due'
elseif early ~= 'any' then isFree = state == early and (record.work or keptOf(key, record))
else isFree = record.work and state ~= 'held' or state == 'settled' and keptOf(key, record) end
return isFree and handWork(key, record, token, step, leaseMs) or {}
`;

/**
 * The holder writes: `[1 or 0, ms until its work is due, its kind]`. `ARGV` ends with how many fields go, those, and names
 * and values of those that are set.
 */
const save = `
local key, token, step, forMs, kept, keptForMs = ARGV[3], ARGV[4], tonumber(ARGV[5]), ARGV[6], ARGV[7], ARGV[8]
local record = find(key)
if not record or record.token ~= token or record.step > step then return { 0 } end
if record.step == step then return { 1 } end

local before, firstSet, dies, gone = seatsOf(key, record), 10 + tonumber(ARGV[9]), false, {}
for index = 10, firstSet - 1 do
  if record[ARGV[index]] then table.insert(gone, ARGV[index]) end
  record[ARGV[index]] = nil
end
for index = firstSet, #ARGV, 2 do
  record[ARGV[index]] = ARGV[index + 1]
  dies = dies or ARGV[index] == 'kind' and ARGV[index + 1] == 'dead'
end
if record.held == '0' then record.held = false end
if forMs ~= '' then record.ends = now + tonumber(forMs) end
record.isDead = record.work and record.kind == 'dead'
if record.died and not record.isDead then table.insert(gone, 'died') end

-- first what needs no room, as above
if not expire(key, record) then
  move(before, {})
  return { 1 }
end
if #gone > 0 then redis.call('HDEL', name(key), unpack(gone)) end
redis.call('HSET', name(key), 'until', instant(record.ends), 'step', step, unpack(ARGV, firstSet))
if record.isDead and dies then
  record.died = instant(now)
  redis.call('HSET', name(key), 'died', record.died)
end
if keptForMs ~= '' then
  keep(key, record, kept, tonumber(keptForMs))
  expire(key, record)
end
move(before, seatsOf(key, record))
if not record.work or not dueSets[record.kind] then return { 1 } end
return { 1, instant(record.ends - now), record.kind }
`;

/** A person takes away what a record says of its subject: 1, or 0 where somebody holds it. */
const erase = `
local key, answer, forMs = ARGV[3], ARGV[4], tonumber(ARGV[5])
local record, isForgotten = find(key)
if isForgotten then drop(key) end
if not record then return 1 end
if stateOf(record) == 'held' then return 0 end

local before = seatsOf(key, record)
redis.call('HDEL', name(key), 'id', 'note', 'work', 'died', 'keeps', 'token')
if record.work then record.ends = now + forMs end
if record.work or record.answer then
  record.answer = answer
  redis.call('HSET', name(key), 'answer', answer, 'until', instant(record.ends))
end
if isListed(record) then
  local set = idSetOf(record.listed)
  if set then redis.call('ZREM', set, arrivalOf(record.listed) .. key) end
  record.listed = string.sub(record.listed, 1, 20) .. '----'
  redis.call('HSET', name(key), 'listed', record.listed)
end
record.work, record.isDead, record.keeps = nil, false, nil
redis.call('DEL', keptName(key))
expire(key, record)
move(before, seatsOf(key, record))
return 1
`;

const handling = [record, writing, keeping, state, sets, seating, handing];

/** Claim, take, save, erase. */
export const verbs: Readonly<Record<"claim" | "take" | "takeOne" | "save" | "erase", Script>> = {
  claim: script(record, writing, sets, segments, claim),
  take: script(...handling, first, take),
  takeOne: script(...handling, takeOne),
  save: script(record, writing, keeping, sets, seating, save),
  erase: script(record, writing, state, sets, segments, seating, erase),
};
