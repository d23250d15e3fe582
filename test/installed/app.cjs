/** A blank project's app that requires what it needs. */
const { createReceiver, postback } = require("@answerback/core");
const { createExpressMiddleware } = require("@answerback/express");
const express = require("express");

const receiver = createReceiver(postback(), { authenticate: false, handle: () => {}, warn: () => {} });
express().use("/hooks", createExpressMiddleware(receiver));
void receiver.close();
