/** A lock on an entity: while one of its events is handled, its record is held; its note is the newest version. */
import type { Saving } from "../../contract/backend.ts";
import type { Cancellation } from "../../lib/cancellation.ts";
import { isOlder, readVersion, writeVersion, type Version } from "../order.ts";
import type { Lease } from "./lease.ts";

/** What an entity's lock is made from, once its record is claimed. */
export interface LockedEntity {
  /** Our lease on the entity's record. */
  readonly lease: Lease;
  /** The record's note: the newest version that was handled. */
  readonly note: string | null;
  /** The version of the event that holds the lock. */
  readonly version: Version | undefined;
  /** Lets the next event of this process have the lock. */
  readonly leaveQueue: () => void;
}

/** An event's lock on its entity. */
export class EntityLock {
  /** Was a newer version handled before? */
  readonly isStale: boolean;
  readonly #lease: Lease;
  readonly #note: { readonly note?: string };
  readonly #leaveQueue: () => void;
  #isReleased = false;

  constructor({ lease, note, version, leaveQueue }: LockedEntity) {
    this.isStale = isOlder(version, readVersion(note));
    this.#lease = lease;
    this.#note = version === undefined || this.isStale ? {} : { note: writeVersion(version) };
    this.#leaveQueue = leaveQueue;
  }

  /** Aborts when other processes may handle the entity's events. */
  get lost(): Cancellation {
    return this.#lease.lost;
  }

  /** Its release after a run that went well, for somebody else to save. Then `release` still lets the next event in. */
  asSaving(): Saving {
    return this.#lease.asSaving({ ...this.#note, forMs: 0 });
  }

  /** Frees the entity. `false`: it was not ours any more. Later calls do nothing. */
  async release(run: "handled" | "failed"): Promise<boolean> {
    if (this.#isReleased) return true;
    this.#isReleased = true;
    try {
      return await this.#lease.saveUntilKnown({ ...(run === "handled" && this.#note), forMs: 0 });
    } finally {
      this.#leaveQueue();
    }
  }
}
