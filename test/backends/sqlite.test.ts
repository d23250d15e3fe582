/** sqlite keeps the contract: from one process and two, and for the next one. */
import type { Backend } from "@answerback/core/backend";
import { backendConformance, type Subject } from "@answerback/conformance";
import { sqlite } from "@answerback/sqlite";
import { describe, expect, test } from "vitest";
import { manualClock } from "../support/manual-clock.ts";
import { sharable, temporaryFile } from "../support/sqlite-file.ts";

interface OnFile extends Subject {
  readonly open: () => Backend;
}

async function create(): Promise<OnFile> {
  const { file, destroy } = temporaryFile();
  const clock = manualClock();
  const open = () => sqlite({ file, clock });
  return { backend: open(), advance: clock.advance, destroy, open };
}

async function reopen({ backend, open }: OnFile): Promise<Backend> {
  await backend.close();
  return open();
}

const second = sharable ? { second: async ({ open }: OnFile) => open() } : {};
backendConformance<OnFile>(
  { name: "sqlite", create, reopen, receivers: true, ...second },
  { describe, test, expect },
);
