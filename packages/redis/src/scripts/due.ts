/** What is due of a shard, in Lua. */
import { record } from "./record.ts";
import { script, type Script } from "./script.ts";
import { sets } from "./sets.ts";

export const first = `
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
`;

/** What is due of a kind, longest first: `[key, until, key, until, …]`. */
const listDue = `
return redis.call('ZRANGEBYSCORE', dueSets[ARGV[4]], '-inf', instant(now), 'WITHSCORES', 'LIMIT', 0, ARGV[3])
`;

/** ms until the first work of the shard, of a kind or any, is due, negative when past; or nothing. */
const firstDue = `
local key, ends = first(ARGV[3])
return key and instant(ends - now)
`;

/** What is due, and when something will be. */
export const due: Readonly<Record<"listDue" | "firstDue", Script>> = {
  listDue: script(record, sets, listDue),
  firstDue: script(record, sets, first, firstDue),
};
