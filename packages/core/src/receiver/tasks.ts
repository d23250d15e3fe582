/** What is under way, so that somebody can wait until nothing is. */

/** A set of promises that forgets each as it ends. */
export interface Tasks {
  /** Remembers it until it ends; hands it back. */
  track<Value>(task: Promise<Value>): Promise<Value>;
  busy(): boolean;
  /** Resolves when nothing is under way, what began meanwhile included. */
  ended(): Promise<void>;
}

/** No tasks yet. */
export function createTasks(): Tasks {
  const tasks = new Set<Promise<unknown>>();
  return {
    track(task) {
      tasks.add(task);
      const forget = () => void tasks.delete(task);
      task.then(forget, forget);
      return task;
    },
    busy: () => tasks.size > 0,
    async ended() {
      while (tasks.size > 0) await Promise.allSettled(tasks);
    },
  };
}
