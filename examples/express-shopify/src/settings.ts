/** What the environment says, and what is done with an order that was placed. */
import type { Settings } from "./receiver.ts";

export const settings: Settings = {
  clientSecret: process.env["SHOPIFY_CLIENT_SECRET"],
  placed: ({ id }) => console.log(`Order ${id} was placed`),
};
