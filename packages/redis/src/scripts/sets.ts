/** The sorted sets of a shard in Lua: in which of them a record is, and how it goes from one to another. */

/**
 * A record's **place** is a time (16 digits) and its key. Sets of places have the score 0, which sorts them by bytes, and so
 * by time; a place is also what a cursor says.
 *
 * | set | has | score |
 * |---|---|---|
 * | due, due-post | keys of records with work of kind run, post | until |
 * | all | places by arrival of all that is listed | 0 |
 * | name:tag, id:tag | of these, those whose name or id has the tag | 0 |
 * | open | of these, those that are neither settled nor dead | 0 |
 * | paused | of these, those that are paused | 0 |
 * | died | places by death of dead letters that are listed | 0 |
 * | forgets | the same | until |
 *
 * The field **listed** is when the record arrived (16 digits), and the tags of its name and its id (4 characters each): with
 * the key it says in which sets the record is, also once the record has expired. It is empty where no claim said what the
 * record is about, and absent where only the version before has claimed it.
 */
export const sets = `
local dueSets = { run = base .. 'due', post = base .. 'due-post' }

local function placeOf(at, key) return string.format('%016.0f', at) .. key end
local function isListed(record) return record.listed and record.listed ~= '' end
local function arrivalOf(listed) return string.sub(listed, 1, 16) end

-- neither settled nor dead
local function isOpen(record) return not record.isDead and (record.work or not record.answer) end
`;

/** Those by which a record is found, whatever becomes of it. */
export const shelves = `
-- calls change(set, place) for each
local function eachShelf(key, listed, change)
  local place, nameTag, idTag = string.sub(listed, 1, 16) .. key, string.sub(listed, 17, 20), string.sub(listed, 21, 24)
  change(base .. 'all', place)
  if nameTag ~= '----' then change(base .. 'name:' .. nameTag, place) end
  if idTag ~= '----' then change(base .. 'id:' .. idTag, place) end
end
`;

/** Those that say what is to be done with a record. In Lua: sets with a member and its score each. */
export const seating = `
local function seatsOf(key, record)
  local seats = {}
  if record.work and dueSets[record.kind] then seats[dueSets[record.kind]] = { key, instant(record.ends) } end
  -- as the version before has them, too
  if record.isDead and record.listed ~= '' then
    local place = placeOf(record.died, key)
    seats[base .. 'died'] = { place, '0' }
    seats[base .. 'forgets'] = { place, instant(record.ends) }
  end
  if isListed(record) and isOpen(record) then
    local place = arrivalOf(record.listed) .. key
    seats[base .. 'open'] = { place, '0' }
    if record.work and record.kind == 'paused' then seats[base .. 'paused'] = { place, '0' } end
  end
  return seats
end

-- first what goes: a Redis that is full takes no more before
local function move(before, after)
  for set, seat in pairs(before) do
    if not after[set] or after[set][1] ~= seat[1] then redis.call('ZREM', set, seat[1]) end
  end
  for set, seat in pairs(after) do
    local was = before[set]
    if not was or was[1] ~= seat[1] or was[2] ~= seat[2] then redis.call('ZADD', set, seat[2], seat[1]) end
  end
end
`;

/**
 * Where those wait that are listed, as `listed` and a key: in `arrived` until they are put on the shelves, many at a time,
 * since one by one that would double the time of a claim; then in a list of an hour of the clock, after which the sweep looks
 * what became of them.
 */
export const queues = `
local arrived = base .. 'arrived'
local function hourOf(at) return math.floor(at / 3600000) end
local function lookIn(hour) return base .. 'look:' .. string.format('%.0f', hour) end
`;
