/** What is under way, so that somebody can wait until nothing is. */

/** Counts what is under way. */
export interface Tasks {
  /** Something begins: it is under way until what this returns is called. */
  begin(): () => void;
  /** Counts it until it ends; hands it back. */
  track<Value>(task: Promise<Value>): Promise<Value>;
  busy(): boolean;
  /** Resolves when nothing is under way, what began meanwhile included. */
  ended(): Promise<void>;
}

/** No tasks yet. */
export function createTasks(): Tasks {
  let running = 0;
  let waiting: PromiseWithResolvers<void> | undefined;

  function onEnd(): void {
    running -= 1;
    if (running > 0) return;
    waiting?.resolve();
    waiting = undefined;
  }

  function begin(): () => void {
    running += 1;
    return onEnd;
  }

  return {
    begin,
    track(task) {
      const end = begin();
      task.then(end, end);
      return task;
    },
    busy: () => running > 0,
    async ended() {
      while (running > 0) await (waiting ??= Promise.withResolvers()).promise;
    },
  };
}
