/** What is refused of a delivery, before any handler. */
import { appInbox, hmacSignature } from "@answerback/core";
import { acme, explode, paid, told, usual } from "../delivering.ts";
import { withFields, withHeaders } from "../../support/deliveries.ts";
import type { Chapter, Told } from "../mistake.ts";

const open = { authenticate: false };
const signed = { authenticate: hmacSignature({ header: "x-acme-signature", secret: "a-secret-of-the-app" }) };

/** The rows. */
export const arrivals: readonly Chapter<Told>[] = [
  {
    title: "A delivery that is refused",
    rows: [
      told(
        "another `authenticationKey` at Upsales than in the app",
        { provides: "upsales", sends: withFields(usual.upsales, { authenticationKey: "old" }) },
        401,
        "unauthorized",
        "upsales: the delivery has no valid credentials: the authenticationKey in its body is not the right one; **compare the password or secret that the provider has with the app's**",
      ),
      told(
        "another password at Postback than in the app",
        { provides: "postback", sends: withHeaders(usual.postback, { Authorization: "Basic bm86bm8=" }) },
        401,
        "unauthorized",
        "postback: the delivery has no valid credentials: its user name or its password is not the right one; **compare the password or secret that the provider has with the app's**",
      ),
      told(
        "no credentials at all, of a provider that was given none",
        { provides: "postback", sends: withHeaders(usual.postback, { Authorization: "" }) },
        401,
        "unauthorized",
        "postback: the delivery has no valid credentials: it has no Authorization header; **compare the password or secret that the provider has with the app's**",
      ),
      told(
        "another secret in the URL at Uphance than in the app",
        {
          provides: "uphance",
          options: { requireHttps: false },
          sends: { ...usual.uphance, path: "/hooks/uphance/an-old-secret-4711" },
        },
        404,
        "unauthorized",
        "uphance: the delivery has no valid credentials: the secret in its path is not the right one; **compare the password or secret that the provider has with the app's**",
      ),
      told(
        "a wrong signature: made with another secret than the app's, or of a body that a proxy has changed",
        {
          provides: "upsales",
          provider: acme(),
          options: signed,
          sends: withHeaders(paid, { "x-acme-signature": "0".repeat(64) }),
        },
        401,
        "unauthorized",
        "acme: the delivery has no valid credentials: it is signed with another secret, or changed on its way; **compare the password or secret that the provider has with the app's**",
      ),
      told(
        "no signature at all",
        { provides: "upsales", provider: acme(), options: signed, sends: paid },
        401,
        "unauthorized",
        "acme: the delivery has no valid credentials: no signature is there as the provider writes it; **compare the password or secret that the provider has with the app's**",
      ),
      told(
        "plain HTTP with `requireHttps`, and no proxy that is trusted",
        { provides: "upsales", options: { requireHttps: true } },
        403,
        "https_required",
        "upsales: the delivery came over plain HTTP, and requireHttps is set; **where TLS ends at a proxy, let the framework trust it**",
      ),
      told(
        "a body parser in front that left nothing",
        {
          provides: "upsales",
          mount: {
            before: async (req) => {
              for await (const _ of req);
            },
          },
        },
        500,
        "body_already_read",
        "upsales: another parser has read the body and left nothing of it: **mount Answerback before the body parser**",
      ),
      told(
        "a `bodyLimit` that is too small",
        { provides: "upsales", options: { bodyLimit: 10 } },
        413,
        "too_large",
        "upsales: 582 bytes were declared, and bodyLimit is 10; **raise it if the provider may rightly send as much**",
      ),
      told(
        "a form where the provider sends JSON",
        {
          provides: "upsales",
          sends: withHeaders(usual.upsales, { "content-type": "application/x-www-form-urlencoded" }),
        },
        415,
        "unsupported_media_type",
        "upsales: the Content-Type is another; **the provider sends application/json**",
      ),
      told(
        "no JSON",
        { provides: "upsales", sends: { ...usual.upsales, body: "{4242" } },
        400,
        "malformed",
        "upsales: not JSON",
      ),
      told(
        "an envelope that is not the provider's",
        { provides: "upsales", sends: withFields(usual.upsales, { customer: 4242 }) },
        400,
        "malformed",
        "upsales: customer: Invalid input: expected object, received number",
      ),
      told(
        "a postback without its fields",
        { provides: "postback", sends: { ...usual.postback, body: "type=CREATE" } },
        400,
        "malformed",
        "postback: resource: must be a string that is not blank, of at most 1,000 characters; data: expected a value",
      ),
      told(
        "a schema of your own that the data does not fit",
        {
          provides: "upsales",
          provider: acme(),
          options: open,
          sends: { ...paid, body: '{"id":"i-1","total":"4242"}' },
        },
        400,
        "malformed",
        "acme: total: Invalid input: expected number, received string",
      ),
      told(
        "`maxBytesInFlight` below one body",
        { provides: "upsales", options: { maxBytesInFlight: 1 } },
        429,
        "overloaded",
        "upsales: with this body, those under way have more than maxBytesInFlight, 1 bytes; **raise it, or let handlers answer sooner**",
      ),
    ],
  },
  {
    title: "A delivery that is taken, though it is not as it was expected",
    rows: [
      told(
        "a field that differs from the provider's page",
        { provides: "app-inbox", sends: withFields(usual["app-inbox"], { createdDate: "4242" }) },
        200,
        "schema_drift",
        "app-inbox: message: data.createdDate is not as the provider documents it: expected number; it is handed over as it came",
      ),
      told(
        "an event of Uphance in a shape that nobody knows",
        {
          provides: "uphance",
          options: { requireHttps: false },
          handle: { "invoice.create": () => {} },
          sends: { ...usual.uphance, body: '{"event":"invoice_create","invoice_id":4242}' },
        },
        200,
        "schema_drift",
        'uphance: invoice_create: expected invoice or id, and neither is there; the event goes to "*", with what there is',
      ),
      told(
        "an update of Uphance without `updated_at`",
        {
          provides: "uphance",
          options: { requireHttps: false },
          sends: { ...usual.uphance, body: '{"event":"product_update","id":4242}' },
        },
        200,
        "no_key",
        'uphance: product.update has no key, so it may be handled twice: **uphance({ sameUpdateWithin: "10m" }) takes equal updates without updated_at for one event**',
      ),
      told(
        "a list of more messages than `maxMessages`",
        {
          provides: "app-inbox",
          provider: appInbox({ maxMessages: 1 }),
          sends: { ...usual["app-inbox"], body: '[{"id":"a"},{"id":"b"}]' },
        },
        429,
        "too_large",
        "app-inbox: a list of 2 messages; maxMessages is 1",
      ),
    ],
  },
  {
    title: "A part of yours that throws, or answers what it may not",
    rows: [
      told(
        "a `decode` that throws",
        { provides: "upsales", provider: acme({ decode: explode }), options: open, sends: paid },
        500,
        "decode_failed",
        "acme: acme's decode threw RangeError; **hand in onError to see it**",
      ),
      told(
        "an authenticator that throws",
        { provides: "upsales", options: { authenticate: explode } },
        500,
        "authenticate_failed",
        "upsales: an authenticator threw RangeError; **hand in onError to see it**",
      ),
      told(
        "a `decode` that gives a key with a hole",
        {
          provides: "upsales",
          provider: acme({ decode: () => ({ type: "paid", data: { total: 1 }, key: [undefined] }) }),
          options: open,
          sends: paid,
        },
        500,
        "decode_failed",
        "acme: acme's decode gave a key whose part 0 is undefined; **leave the key out for an event that nothing tells apart**",
      ),
      told(
        "an observer that throws",
        { provides: "app-inbox", options: { observe: explode } },
        200,
        "observe_failed",
        "app-inbox: observe threw RangeError; **hand in onError to see it**",
      ),
      told(
        "an `order.by` that gives an object",
        { provides: "app-inbox", options: { order: { by: () => ({}) } } },
        500,
        "run_failed",
        "app-inbox: message: order.by threw OptionError: order.by: it gave neither a text nor a number, nor undefined; **hand in onError to see it**",
      ),
    ],
  },
];
