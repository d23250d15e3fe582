/** Several processes in one, for tests: receivers of one name on one store. */
import type { Backend } from "@answerback/core/backend";

/** A backend as another process has it: nobody here can tell that its records are those of another backend object. */
export function asAnotherProcess<Db>(backend: Backend<Db>): Backend<Db> {
  return { ...backend, address: undefined };
}
