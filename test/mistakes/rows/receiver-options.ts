/** The other options of `createReceiver`. */
import { memory, postback, uphance, upsales } from "@answerback/core";
import { opentelemetry } from "@answerback/opentelemetry";
import { trace } from "@opentelemetry/api";
import { given, js, receiver } from "../javascript.ts";
import { row, type Chapter } from "../mistake.ts";

/** The rows. */
export const receiverOptions: readonly Chapter[] = [
  {
    title: "createReceiver: its other options",
    rows: [
      row(
        '`backend: "redis://…"`, a text',
        () => given({ backend: "redis://127.0.0.1" }),
        "invalid",
        "backend: it is a text; **give a backend, such as memory()**",
      ),
      row(
        "`backend: memory`, not called",
        () => given({ backend: memory }),
        "invalid",
        "backend: it is a function; **call it: memory()**",
      ),
      row(
        "`backend` is a promise",
        () => given({ backend: Promise.resolve(memory()) }),
        "invalid",
        "backend: it is a promise, which is not awaited; **give a backend, such as memory()**",
      ),
      row('`name: ""`', () => given({ name: "" }), "empty", "name: it is empty; **give a text**"),
      row(
        "`answerWithin: 25`, without a unit",
        () => given({ answerWithin: 25 }),
        "invalid",
        'answerWithin: 25 is not a duration; **write it as "25s", "10m" or "7d"**',
      ),
      row(
        '`answerWithin: "a while"`',
        () => given({ answerWithin: "a while" }),
        "invalid",
        'answerWithin: "a while" is not a duration; **write it as "25s", "10m" or "7d"**',
      ),
      row(
        '`answerWithin: ""`',
        () => given({ answerWithin: "" }),
        "empty",
        'answerWithin: "" is not a duration; **write it as "25s", "10m" or "7d"**',
      ),
      row(
        '`answerWithin: "30s"`, as long as Upsales waits',
        () => given({ answerWithin: "30s" }, upsales()),
        "out_of_range",
        "answerWithin: must be below the 30 s that upsales waits; **leave it out for a good one**",
      ),
      row(
        "`handleWithin: Infinity`",
        () => given({ handleWithin: Infinity }),
        "invalid",
        'handleWithin: Infinity is not a duration; **write it as "25s", "10m" or "7d"**',
      ),
      row(
        "`handleWithin: 0`",
        () => given({ handleWithin: 0 }),
        "out_of_range",
        "handleWithin: 0 leaves no time to handle anything; **leave it out for an hour**",
      ),
      row(
        '`keep: "8d"`, longer than its keys are remembered',
        () => given({ keep: "8d" }),
        "out_of_range",
        "keep: **an event is kept no longer than its key is remembered, 168 h; give retention as well**",
      ),
      row(
        "`keep: true`",
        () => given({ keep: true }),
        "invalid",
        'keep: a value of type boolean is not a duration; **write it as "25s", "10m" or "7d"**',
      ),
      row(
        '`retention: "47h"`, shorter than Uphance\'s retries',
        () => given({ retention: "47h" }, uphance()),
        "out_of_range",
        "retention: **must be at least the 48 h for which uphance sends an event again, or duplicates are handled twice**",
      ),
      row(
        '`bodyLimit: "1mb"`',
        () => given({ bodyLimit: "1mb" }),
        "invalid",
        "bodyLimit: it is a text; **give a whole number above 0**",
      ),
      row(
        "`bodyLimit: 0`",
        () => given({ bodyLimit: 0 }),
        "out_of_range",
        "bodyLimit: **0 is not a whole number above 0**",
      ),
      row(
        '`maxConcurrent: "8"`, in quotes, as from the environment',
        () => given({ maxConcurrent: "8" }),
        "invalid",
        "maxConcurrent: it is a text; **write 8 without quotes**",
      ),
      row(
        "`maxAttempts: 1.5`",
        () => given({ maxAttempts: 1.5 }),
        "invalid",
        "maxAttempts: **1.5 is not a whole number above 0**",
      ),
      row(
        "`concurrency: 8`",
        () => given({ concurrency: 8 }),
        "invalid",
        "concurrency: it is a number; **give an object, such as { runs: … }**",
      ),
      row(
        "`concurrency: { run: 8 }`",
        () => given({ concurrency: { run: 8 } }),
        "unknown",
        "concurrency.run: there is no option run; **did you mean runs?**",
      ),
      row(
        '`requireHttps: "false"`, in quotes',
        () => given({ requireHttps: "false" }),
        "invalid",
        "requireHttps: it is a text; **write false without quotes**",
      ),
      row(
        '`background: "no"`',
        () => given({ background: "no" }),
        "invalid",
        "background: it is a text; **give true or false**",
      ),
      row(
        '`malformed: "acknowledged"`',
        () => given({ malformed: "acknowledged" }),
        "invalid",
        'malformed: give "refuse" or "acknowledge"; **did you mean "acknowledge"?**',
      ),
      row(
        "`onFailure: true`",
        () => given({ onFailure: true }),
        "invalid",
        'onFailure: it is true; **give "accept" or "refuse"**',
      ),
      row(
        "`observe: 3`",
        () => given({ observe: 3 }),
        "invalid",
        "observe: it is a number; **give a function**",
      ),
      row(
        "`instrument: opentelemetry`",
        () => given({ instrument: function opentelemetry() {} }),
        "invalid",
        "instrument: it is a function; **call it: opentelemetry()**",
      ),
      row(
        "`opentelemetry({ provider })`",
        () => js(opentelemetry)({ provider: {} }),
        "unknown",
        "opentelemetry: provider: there is no option provider; **did you mean tracerProvider?**",
      ),
      row(
        "`opentelemetry({ tracerProvider: tracer })`, which it makes itself",
        () => js(opentelemetry)({ tracerProvider: trace.getTracer("app") }),
        "invalid",
        "opentelemetry: tracerProvider: it has no getTracer(); **give a tracer provider of OpenTelemetry's**",
      ),
      row(
        "`onError: console`",
        () => given({ onError: console }),
        "invalid",
        "onError: it is an object; **give a function**",
      ),
      row(
        "`warn: null`",
        () => given({ warn: null }),
        "invalid",
        "warn: it is null; **leave it out, or give a value**",
      ),
      row(
        '`transport: "https://proxy"`',
        () => given({ transport: "https://proxy" }),
        "invalid",
        "transport: it is a text; **give a function**",
      ),
      row(
        "`clock: { now }`",
        () => given({ clock: { now: Date.now } }),
        "invalid",
        "clock: it has no after(); **give a clock, with now() and after()**",
      ),
      row(
        '`order: { by: "id" }`',
        () => given({ order: { by: "id" } }),
        "invalid",
        "order.by: it is a text; **give a function**",
      ),
      row(
        "`order: {}`",
        () => given({ order: {} }),
        "missing",
        "order.by: it is missing; **give a function**",
      ),
      row(
        '`order` with `stale: "drop"`',
        () => given({ order: { by: () => 1, stale: "drop" } }),
        "invalid",
        'order.stale: **give "skip" or "handle"**',
      ),
      row(
        "two receivers of one name on one backend",
        () => {
          const backend = memory();
          receiver(postback(), { backend, name: "hook" });
          return receiver(postback(), { backend, name: "hook" });
        },
        "taken",
        'name: a receiver "hook" is open in this process, with its records at the same place, so that each of the two would swallow events of the other; **give one of them another name, such as "hook-2", or close it first**',
      ),
    ],
  },
];
