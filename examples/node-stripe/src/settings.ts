/** What the environment says, and what is done when an invoice was paid. */
import type { Settings } from "./receiver.ts";

export const settings: Settings = {
  secret: process.env["STRIPE_WEBHOOK_SECRET"],
  paid: (invoiceId) => console.log(`Invoice ${invoiceId} was paid`),
};
