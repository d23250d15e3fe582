/** A test that requires what it needs, as Jest and node:test run it. */
const test = globalThis.test ?? require("node:test");
const { createReceiver, postback } = require("@answerback/core");
const { createExpressMiddleware } = require("@answerback/express");

test("middleware is made", async () => {
  const receiver = createReceiver(postback(), { authenticate: false, handle: () => {} });
  if (createExpressMiddleware(receiver).length !== 3) throw new Error("that is no middleware");
  await receiver.close();
});
