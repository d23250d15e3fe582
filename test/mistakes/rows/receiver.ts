/** What `createReceiver` is given: provider, authenticators, handlers. */
import { basicAuth, postback, uphance, urlSecret } from "@answerback/core";
import { create, given, good } from "../javascript.ts";
import { row, type Chapter } from "../mistake.ts";

/** The rows. */
export const gettingAReceiver: readonly Chapter[] = [
  {
    title: "createReceiver: what it is given",
    rows: [
      row(
        "the provider is not called: `createReceiver(postback, …)`",
        () => create(postback, good),
        "invalid",
        "provider: it is a function; **call it: postback()**",
      ),
      row(
        "the provider is undefined, by a wrong import",
        () => create(undefined, good),
        "missing",
        "provider: it is missing; **give a provider, such as upsales(), or what defineProvider made**",
      ),
      row(
        "the provider is forgotten, and the options come first",
        () => create(good),
        "invalid",
        "provider: it has no decode(); **give a provider, such as upsales(), or what defineProvider made**",
      ),
      row(
        "the options are forgotten",
        () => create(postback()),
        "missing",
        "createReceiver: options: it is missing; **give an object, such as { authenticate: … }**",
      ),
      row(
        "the options are a list",
        () => create(postback(), [good]),
        "invalid",
        "createReceiver: options: it is a list; **give an object, such as { authenticate: … }**",
      ),
      row(
        "a third argument",
        () => create(postback(), good, { name: "hook" }),
        "invalid",
        "createReceiver: it takes 2 arguments, and would drop the rest; **write options as one object, values as one list**",
      ),
      row(
        "`answerWithn`, a letter short",
        () => given({ answerWithn: "5s" }),
        "unknown",
        "answerWithn: there is no option answerWithn; **did you mean answerWithin?**",
      ),
      row(
        "`auth` for `authenticate`",
        () => given({ auth: false }),
        "unknown",
        "auth: there is no option auth; **did you mean authenticate?**",
      ),
      row(
        "`handlers` for `handle`",
        () => given({ handlers: {} }),
        "unknown",
        "handlers: there is no option handlers; **did you mean handle?**",
      ),
    ],
  },
  {
    title: "createReceiver: who may send",
    rows: [
      row(
        "`authenticate` is left out",
        () => given({ authenticate: undefined }),
        "missing",
        "authenticate: it is missing; **give an authenticator such as basicAuth(…), or write out false to let everybody in**",
      ),
      row(
        "`authenticate: true`",
        () => given({ authenticate: true }),
        "invalid",
        "authenticate: **give an authenticator, a function, a list of them, or a written-out false**",
      ),
      row(
        "`authenticate: []`",
        () => given({ authenticate: [] }),
        "empty",
        "authenticate: the list is empty; **write out false to let everybody in**",
      ),
      row(
        "`authenticate: basicAuth`, not called",
        () => given({ authenticate: basicAuth }),
        "invalid",
        "authenticate: basicAuth makes an authenticator; **call it: basicAuth(…)**",
      ),
      row(
        'an own authenticator that `needs` the "header"',
        () => given({ authenticate: { needs: "header", verify: () => true } }),
        "invalid",
        'authenticate.needs: give "head" or "body"; **did you mean "head"?**',
      ),
      row(
        "two secrets that are both a segment of the path",
        () => given({ authenticate: [urlSecret("a".repeat(16)), urlSecret("b".repeat(16))] }),
        "conflict",
        "authenticate: **only one secret can be a segment of the URL**",
      ),
    ],
  },
  {
    title: "createReceiver: who handles",
    rows: [
      row(
        "`handle` is left out",
        () => given({ handle: undefined }),
        "missing",
        "handle: it is missing; **give a function, or one by event type**",
      ),
      row(
        "`handle` is a list",
        () => given({ handle: [() => {}] }),
        "invalid",
        "handle: it is a list; **give a function, or one by event type**",
      ),
      row(
        "a handler for `contact.creat`",
        () => given({ handle: { "contact.creat": () => {} } }),
        "unknown",
        'handle: postback has no event "contact.creat"; it has contact.create, contact.update, contact.delete, transaction.create, transaction.update, transaction.delete, transactionbatch.create, transactionbatch.update, transactionbatch.delete, accountvault.create, accountvault.update, accountvault.delete, and "*" for the rest; **did you mean "contact.create"?**',
      ),
      row(
        "a handler for `pick_ticket_update`, the provider's own spelling",
        () => given({ handle: { pick_ticket_update: () => {} } }, uphance()),
        "unknown",
        'handle: uphance has no event "pick_ticket_update"; it has invoice.create, invoice.update, invoice.delete, credit_note.create, credit_note.update, credit_note.delete, pick_ticket.create, pick_ticket.update, pick_ticket.delete, receiving_ticket.create, receiving_ticket.update, receiving_ticket.delete, product.create, product.update, and "*" for the rest; **did you mean "pick_ticket.update"?**',
      ),
      row(
        "a handler that is undefined, by a wrong import",
        () => given({ handle: { "contact.create": undefined } }),
        "missing",
        'handle: "contact.create" is undefined; **is its import right? Leave out a type that has no handler**',
      ),
      row(
        "a handler that is an object",
        () => given({ handle: { "contact.create": {} } }),
        "invalid",
        'handle: **"contact.create" is not a function**',
      ),
    ],
  },
];
