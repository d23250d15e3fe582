/** The sets and lists of a shard in Lua: in which of them a record is, and how it goes from one to another. */

/**
 * A record's **place** is a time (16 digits) and its key. Sets of places have the score 0, which sorts them by bytes, and so
 * by time; a place is also what a cursor says.
 *
 * | set | has | score |
 * |---|---|---|
 * | due, due-post | keys of records with work of kind run, post | until |
 * | open | places by arrival of what is listed and neither settled nor dead | 0 |
 * | paused | of these, those that are paused | 0 |
 * | id:tag | places by arrival of what is listed with an id of this tag | 0 |
 * | died | places by death of dead letters that are listed | 0 |
 * | forgets | the same | until |
 * | segments | times (16 digits) with which a segment begins | 0 |
 * | look | the same | when the sweep looks what became of the records in the segment |
 *
 * The field **listed** is when the record arrived (16 digits), and the tags of its name and its id (4 characters each): with
 * the key it says where the record is found, also once the record has expired. It is empty where no claim said what the
 * record is about, and absent where only the version before has claimed it.
 *
 * All that is listed is in a **segment**, in the order of arrival, as `listed` and a key. The newest is the list `arrived`, to
 * which claims append. Some hundreds at a time go on into a list of their own, `segment:` and the time of the first, and the
 * hash `names` says which tags of names are in it. No two segments have records of the same ms.
 */
export const sets = `
local dueSets = { run = base .. 'due', post = base .. 'due-post' }

local function placeOf(at, key) return string.format('%016.0f', at) .. key end
local function isListed(record) return record.listed and record.listed ~= '' end
local function arrivalOf(listed) return string.sub(listed, 1, 16) end

-- neither settled nor dead
local function isOpen(record) return not record.isDead and (record.work or not record.answer) end
`;

/** The segments, and where a record is found by its id. */
export const segments = `
local arrived = base .. 'arrived'
local function segmentOf(first) return base .. 'segment:' .. first end

-- listed and key, as one text
local function partsOf(member) return string.sub(member, 1, 24), string.sub(member, 25) end

-- nil where nobody knows the id
local function idSetOf(listed)
  local tag = string.sub(listed, 21, 24)
  return tag ~= '----' and base .. 'id:' .. tag or nil
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
