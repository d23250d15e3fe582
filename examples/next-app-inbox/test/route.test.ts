/** What the route does with App Inbox's messages, called as Next.js calls it. */
import { beforeEach, expect, it, vi } from "vitest";
import { messages } from "../app/messages.ts";

vi.stubEnv("INBOX_PASSWORD", "a-password");
const { GET, POST } = await import("../app/hooks/inbox/route.ts");

const url = "https://app.example/hooks/inbox";
const hello = { id: "3f2504e0-4f89-11d3-9a0c-0305e82c3301", externalCustomerId: "cust-42", title: "Hello" };
const again = { id: "3f2504e0-4f89-11d3-9a0c-0305e82c3302", externalCustomerId: "cust-42", title: "Again" };

beforeEach(() => void messages.splice(0));

it("shows a message once, however often it is sent", async () => {
  expect((await POST(delivery(hello))).status).toBe(200);
  expect((await POST(delivery(hello))).status).toBe(200);
  expect(messages).toEqual([hello]);
});

it("takes a list, and shows of it what is new", async () => {
  expect((await POST(delivery([hello, again]))).status).toBe(200);
  expect(messages).toEqual([again]);
});

it("answers the probe that is sent when the URL is saved, without asking who it is", async () => {
  const answer = await GET(new Request(url));
  expect([answer.status, await answer.text()]).toEqual([200, ""]);
});

it("shows nothing from who has no password", async () => {
  expect((await POST(delivery(hello, "a-guess"))).status).toBe(401);
  expect(messages).toEqual([]);
});

function delivery(body: object, password = "a-password"): Request {
  const headers = { "content-type": "application/json", authorization: `Basic ${btoa(`inbox:${password}`)}` };
  return new Request(url, { method: "POST", headers, body: JSON.stringify(body) });
}
