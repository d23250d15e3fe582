/** What is under way, counted, so that somebody can wait until nothing is. */

/** Counts what is under way. */
export interface Tasks {
  /** A task begins. Whoever calls this calls `end` once. */
  begin(): void;
  end(): void;
  /** Counts a task until it ends; hands it back. */
  track<Value>(task: Promise<Value>): Promise<Value>;
  /** Is anything under way? */
  isBusy(): boolean;
  /** Resolves when nothing is under way, what began meanwhile included. */
  ended(): Promise<void>;
}

/** No tasks yet. */
export function createTasks(): Tasks {
  let running = 0;
  let waiting: PromiseWithResolvers<void> | undefined;

  function begin(): void {
    running += 1;
  }

  function end(): void {
    running -= 1;
    if (running > 0) return;
    waiting?.resolve();
    waiting = undefined;
  }

  return {
    begin,
    end,
    track(task) {
      begin();
      task.then(end, end);
      return task;
    },
    isBusy: () => running > 0,
    async ended() {
      while (running > 0) await (waiting ??= Promise.withResolvers()).promise;
    },
  };
}
