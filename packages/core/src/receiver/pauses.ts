/** What is paused, as far as this process knows. */

/** What is paused. */
export interface Paused {
  /** Is the whole receiver? */
  readonly all: boolean;
  /** The event types that are, whether or not the whole receiver is. */
  readonly names: readonly string[];
}

/** What is paused, and whether somebody still has to look for what waited for a pause that ended. */
export interface PauseState extends Paused {
  readonly resuming: boolean;
}

/** Nothing is paused. */
export const nothingPaused: PauseState = { all: false, names: [], resuming: false };

/** Is the handling of events of this name among what is paused? */
export function isPausedIn({ all, names }: Paused, name: string): boolean {
  return all || names.includes(name);
}

/** The pauses of a receiver, as they were last seen. */
export class Pauses {
  state: PauseState = nothingPaused;
  /** Were they looked at? Another process may have paused the receiver, or an earlier receiver of its name. */
  isKnown = false;
  /** How often this process changed what is paused. */
  changes = 0;
  /** What waited is being made due here, as far as it was asked for. */
  resumption: Promise<void> | undefined;

  /** Is the handling of events of this name paused? */
  isPaused(name: string): boolean {
    return isPausedIn(this.state, name);
  }

  /** Is it worth a look? Almost never, so that a delivery is not held up by one. */
  get mayBe(): boolean {
    return !this.isKnown || this.isAny;
  }

  /** Is the handling of any event paused? */
  get isAny(): boolean {
    return this.state.all || this.state.names.length > 0;
  }
}
