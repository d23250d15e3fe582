/** What people see of the records of a shard, in Lua: one, a page, how many, and why they died. */
import { first } from "./due.ts";
import { record, state } from "./record.ts";
import { script, type Script } from "./script.ts";
import { segments, sets } from "./sets.ts";

const showing = `
local function entry(key, record)
  return { key, stateOf(record), record.attempts, instant(record.ends - now), record.note or false, record.answer or false,
    record.work or false, record.isDead and record.died or false, isListed(record) and arrivalOf(record.listed) or false,
    record.name or false, record.id or false, keptOf(key, record) }
end
`;

/** One record: `[key, …]` or nothing. */
const get = `
local record = find(ARGV[3])
return record and entry(ARGV[3], record) or {}
`;

/** Walking through a set of places, the newest first. */
const walking = `
-- whether a record has answer and work is asked when somebody wants to know: the texts may be long
local lazily = { __index = function(record, field)
  if field ~= 'answer' and field ~= 'work' then return nil end
  record[field] = redis.call('HEXISTS', name(record.key), field) == 1
  return record[field]
end }

local function glance(key)
  local row = redis.call('HMGET', name(key), 'until', 'held', 'kind', 'died', 'listed', 'name', 'id')
  if not row[1] then return nil end
  return judged(setmetatable({ key = key, ends = tonumber(row[1]) or 9007199254740991, held = row[2] == '1',
    kind = row[3] or 'run', died = row[4], listed = row[5], name = row[6], id = row[7] }, lazily))
end

-- Is it the record that the set means, and not one that somebody removed by hand, that has expired, or was claimed afresh?
local function isIn(set, record, at)
  if not record then return false end
  if set == base .. 'died' then return record.isDead and placeOf(record.died, '') == at end
  return isListed(record) and arrivalOf(record.listed) == at
end

-- Calls visit(key, record, place) for each record of a set behind a place ('' for all) until it returns a place, or so many
-- were looked at. Returns the place behind which there may be more, or false.
local function walkSet(set, behind, least, looks, visit)
  local from = behind == '' and '+' or '(' .. behind
  while true do
    local places = redis.call('ZREVRANGEBYLEX', set, from, '[' .. least, 'LIMIT', 0, math.min(100, looks))
    for _, place in ipairs(places) do
      local at, key = string.sub(place, 1, 16), string.sub(place, 17)
      local record = glance(key)
      if isIn(set, record, at) then
        local stop = visit(key, record, place)
        if stop then return stop end
      else
        redis.call('ZREM', set, place)
        if set == base .. 'died' then redis.call('ZREM', base .. 'forgets', place) end
      end
    end
    if #places < math.min(100, looks) then return false end
    looks = looks - #places
    if looks == 0 then return places[#places] end
    from = '(' .. places[#places]
  end
end
`;

/** Walking through the segments, the newest first. */
const walkingAll = `
-- by bytes, wherever the server is: Lua itself compares texts as people do there
local function isAfter(one, other)
  for index = 1, math.min(#one, #other) do
    local a, b = string.byte(one, index), string.byte(other, index)
    if a ~= b then return a > b end
  end
  return #one > #other
end

-- Places of members, or of those whose names have a tag, the newest first. Of one ms they came in any order.
local function placesOf(members, tag)
  local places, from = {}, 1
  for index = #members, 1, -1 do
    local member = members[index]
    if tag == '' or string.sub(member, 17, 20) == tag then
      table.insert(places, string.sub(member, 1, 16) .. string.sub(member, 25))
    end
  end
  for index = 2, #places + 1 do
    if not places[index] or arrivalOf(places[index]) ~= arrivalOf(places[from]) then
      if index - from > 1 then
        local same = { unpack(places, from, index - 1) }
        table.sort(same, isAfter)
        for at, place in ipairs(same) do places[from + at - 1] = place end
      end
      from = index
    end
  end
  return places
end

-- The same for all that is listed, or of that for those whose names have a tag. Ends also where so many segments were passed.
local function walkAll(tag, behind, least, looks, visit)
  local from = behind == '' and '+' or '[' .. arrivalOf(behind)
  local firsts = redis.call('ZREVRANGEBYLEX', base .. 'segments', from, '-', 'LIMIT', 0, 500)
  local tags = tag ~= '' and #firsts > 0 and redis.call('HMGET', base .. 'names', unpack(firsts)) or {}
  local scanned, index = 0, 0
  while index <= #firsts and (index < 2 or scanned < 5000) do
    -- a segment without the tag is not read
    local isAsked = tag == '' or not tags[index] or string.find(tags[index], tag, 1, true)
    local members = isAsked and redis.call('LRANGE', index == 0 and arrived or segmentOf(firsts[index]), 0, -1) or {}
    for _, place in ipairs(placesOf(members, tag)) do
      if tonumber(arrivalOf(place)) < tonumber(arrivalOf(least)) then return false end
      if behind == '' or isAfter(behind, place) then
        if looks == 0 then return behind end
        looks, behind = looks - 1, place
        local at, key = string.sub(place, 1, 16), string.sub(place, 17)
        local record = glance(key)
        local stop = isIn('', record, at) and visit(key, record, place)
        if stop then return stop end
      end
    end
    scanned, index = scanned + #members, index + 1
  end
  if index > #firsts and #firsts < 500 then return false end
  -- there may be more behind the first that the last of these segments has
  local members, same = redis.call('LRANGE', segmentOf(firsts[index - 1]), 0, -1), {}
  for _, member in ipairs(members) do
    if arrivalOf(member) == arrivalOf(members[1]) then table.insert(same, member) end
  end
  return table.remove(placesOf(same, '')) or false
end
`;

/**
 * A page: `[the place behind which there may be more, the entries]`. `ARGV`: how many at most, how many to look at, the
 * state, the name, the id (each '' for any), their tags, since when, and the place behind which the page begins: its time (''
 * for none) and key.
 */
const list = `
local limit, looks, state, name, id, tags = tonumber(ARGV[3]), tonumber(ARGV[4]), ARGV[5], ARGV[6], ARGV[7], ARGV[8]
local since, behind = placeOf(ARGV[9], ''), ARGV[10] == '' and '' or placeOf(ARGV[10], ARGV[11])

-- the smallest of the sets that have all that is asked for, if any has; that of dead letters is in the order of death
local sets = {}
if id ~= '' then table.insert(sets, base .. 'id:' .. string.sub(tags, 5, 8)) end
if state ~= '' and state ~= 'settled' then table.insert(sets, base .. 'open') end
if state == 'paused' then table.insert(sets, base .. 'paused') end
if state == 'dead' then sets = { base .. 'died' } end
local set, least
for _, each in ipairs(sets) do
  local size = redis.call('ZCARD', each)
  if not least or size <= least then set, least = each, size end
end

-- without a look at answer and work, which takes longer
local function mayBe(record)
  if state == 'free' or state == 'due' then return record.isPast end
  if state == 'held' or state == 'waiting' then return not record.isPast and record.held == (state == 'held') end
  return state ~= 'paused' or record.kind == 'paused'
end

local entries, last = {}, false
local function visit(key, record, place)
  if state ~= '' and not (mayBe(record) and stateOf(record) == state) then return end
  if name ~= '' and record.name ~= name or id ~= '' and record.id ~= id then return end
  if #entries == limit then return last end
  table.insert(entries, entry(key, (find(key))))
  last = place
end
if set then return { walkSet(set, behind, since, looks, visit), entries } end
return { walkAll(name == '' and '' or string.sub(tags, 1, 4), behind, since, looks, visit), entries }
`;

/**
 * How many are in each state, of all that is listed or of a set: `[the place behind which there may be more, held, free, due,
 * waiting, paused, dead, settled]`. `ARGV`: the set, how many to look at, the place behind which to begin.
 */
const count = `
local set, looks, behind = ARGV[3], tonumber(ARGV[4]), ARGV[5]
local counts = { held = 0, free = 0, due = 0, waiting = 0, paused = 0, dead = 0, settled = 0 }
local function visit(_, record)
  local state = stateOf(record)
  counts[state] = counts[state] + 1
end
local stop
if set == 'all' then stop = walkAll('', behind, '0', looks, visit)
else stop = walkSet(base .. set, behind, '', looks, visit) end
return { stop, counts.held, counts.free, counts.due, counts.waiting, counts.paused, counts.dead, counts.settled }
`;

/**
 * What Redis knows without looking at records: how many are open, due, paused, dead; how many are listed, or at least so many
 * more than are open or dead; ms until the first work is due, or nothing.
 */
const sizes = `
local function ofAll(set) return redis.call('ZCARD', base .. set) end
local function past(set) return redis.call('ZCOUNT', set, '-inf', instant(now)) end
local open, dead = ofAll('open'), redis.call('ZCOUNT', base .. 'forgets', '(' .. instant(now), '+inf')
local listed = redis.call('LLEN', arrived)
for _, segment in ipairs(redis.call('ZREVRANGE', base .. 'segments', 0, 5000)) do
  if listed >= open + dead + tonumber(ARGV[3]) then break end
  listed = listed + redis.call('LLEN', segmentOf(segment))
end
local _, firstDue = first('')
return { open, past(dueSets.run) + past(dueSets.post), ofAll('paused'), dead, listed,
  firstDue and instant(firstDue - now) or false }
`;

/**
 * Why dead letters died, the newest first: `[the place behind which there may be more, places, numbers of causes, notes and
 * names of the causes]`. `ARGV`: how many to look at, the place behind which to begin.
 */
const causes = `
local places, numbers, texts, known = {}, {}, {}, {}
local stop = walkSet(base .. 'died', ARGV[4], '', tonumber(ARGV[3]), function(key, record, place)
  local note = redis.call('HGET', name(key), 'note')
  local cause = (note or '') .. '\\n' .. (record.name or '')
  if not known[cause] then
    table.insert(texts, note)
    table.insert(texts, record.name)
    known[cause] = #texts / 2
  end
  table.insert(places, place)
  table.insert(numbers, known[cause])
end)
return { stop, places, numbers, texts }
`;

const looking = [record, state, sets, segments];

/** Get, list, and what is put together to stats and causes. */
export const looks: Readonly<Record<"get" | "list" | "count" | "sizes" | "causes", Script>> = {
  get: script(...looking, showing, get),
  list: script(...looking, showing, walking, walkingAll, list),
  count: script(...looking, walking, walkingAll, count),
  sizes: script(...looking, first, sizes),
  causes: script(...looking, walking, causes),
};
