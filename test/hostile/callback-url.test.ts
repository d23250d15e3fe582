/** Row "callbackUrl": an address that anybody could read in another way, or that is not the provider's, is never posted to. */
import { describe, expect, it } from "vitest";
import { frameworks } from "../support/frameworks.ts";
import { besiege, fresh, statuses } from "../support/hostile.ts";

/** Addresses, apart by space. */
const words = (text: string) => text.trim().split(/\s+/);

const refused: readonly unknown[] = [
  // no https
  ...words(`
    http://upsales.com/c ftp://upsales.com/c ws://upsales.com/c wss://upsales.com/c file:///etc/passwd
    javascript:alert(1) data:text/plain,x blob:https://upsales.com/c about:blank mailto:a@upsales.com
    httpss://upsales.com/c https+unix://upsales.com/c view-source:https://upsales.com/c
  `),
  "ht\ntps://upsales.com/c",
  // no address
  ...words(`
    x upsales.com upsales.com/c /c //upsales.com/c https https: https:// https:/// https:///upsales.com/c
    https:////upsales.com/c https:/upsales.com/c https:upsales.com/c ://upsales.com/c https:\\\\upsales.com\\c
    https:\\/upsales.com/c https:/\\upsales.com/c https://upsales.com\\c https://upsales.com:bad/c
    https://<upsales.com>/c https://upsales.com^/c
  `),
  ...["", " ", "https://up sales.com/c"],
  `https://upsales.com/${"x".repeat(10_000)}`,
  `https://${"a.".repeat(1_100)}upsales.com/`,
  // no string
  ...[0, 1, true, false, [], {}, ["https://upsales.com/c"], { href: "https://upsales.com/c" }],
  // credentials
  ...words(`
    https://user:pw@upsales.com/c https://user@upsales.com/c https://:pw@upsales.com/c https://@upsales.com/c
    https://:@upsales.com/c https://upsales.com@upsales.com/c https://a%40b@upsales.com/c
    https://@@upsales.com/c
  `),
  // ports
  ...words(`
    https://upsales.com:8443/c https://upsales.com:80/c https://upsales.com:0/c https://upsales.com:00/c
    https://upsales.com:/c https://upsales.com:0443/c https://upsales.com:65979/c https://upsales.com:+443/c
    https://upsales.com:443:443/c https://upsales.com:\uff14\uff14\uff13/c
  `),
  // other hosts
  ...words(`
    https://evil.com/c https://evilupsales.com/c https://upsales.com.evil.com/c https://upsales.comevil/c
    https://upsales.co/c https://upsales.com.br/c https://com/c https://.com/c https://evil-upsales.com/c
    https://evil.com/upsales.com https://evil.com?upsales.com https://evil.com#upsales.com
    https://evil.com#@upsales.com https://evil.com;upsales.com/c https://evil.com,upsales.com/c
    https://evil.com%23.upsales.com/c https://evil.com%2f.upsales.com/c https://evil.com\\@upsales.com/c
    https://evil.com%5c@upsales.com/c https://upsales.com@evil.com/c https://upsales.com%40evil.com/c
    https://evil.com:443@upsales.com/c https://evil.com/@upsales.com/c https://localhost/c https://upsales/c
  `),
  // the host in another spelling
  ...words(`
    https://upsales.com./c https://upsales.com../c https://.upsales.com/c https://a..upsales.com/c
    https://upsales..com/c https://upsales%2ecom/c https://%75psales.com/c https://upsales.com%2e/c
    https://upsales.com%00/c https://upsales.com%20/c https://upsales\u3002com/c https://upsales\uff0ecom/c
    https://\uff55psales.com/c https://up\u00adsales.com/c https://up\u200bsales.com/c
    https://\u0443psales.com/c https://xn--psales-2bb.com/c https://up\u017fales.com/c
    https://upsales.com\u2024/c https://\u24e4psales.com/c https://upsales.c\u{1d428}m/c
  `),
  // inside or around it
  ...words(`
    https://upsales.com/\u00e5 https://upsales.com/\\c
  `),
  ...[
    " https://upsales.com/c",
    "https://upsales.com/c ",
    "\thttps://upsales.com/c",
    "https://upsales.com/c\n",
    "\ufeffhttps://upsales.com/c",
    "https://upsales\t.com/c",
    "https://ups\nales.com/c",
    "https://upsales.com\r\n/c",
    "https://upsales.com/\tc",
    "https://upsales.com/c\r\nX-Evil: 1",
    "https://upsales.com/\0",
    "https://upsales.com/ c",
    "https://upsales.com\u0000.evil.com/c",
  ],
  // IP addresses
  ...words(`
    https://127.0.0.1/c https://127.1/c https://2130706433/c https://0x7f000001/c https://0x7f.1/c
    https://0177.0.0.1/c https://127.0.0.1./c https://169.254.169.254/latest/meta-data
    https://\u2460\u2461\u2466.0.0.1/c https://0/c https://[::1]/c https://[::ffff:127.0.0.1]/c
    https://[fd00:ec2::254]/c https://[fe80::1%25eth0]/c https://[fe80::1%eth0]/c https://[::]/c https://::1/c
    https://[v1.upsales.com]/c https://[upsales.com]/c https://127.0.0.1.upsales.com:1/c https://0300.0250.1/c
  `),
];

const taken: readonly string[] = [
  "https://upsales.com",
  "https://upsales.com/",
  "https://upsales.com:443/c",
  "https://a.b-c.upsales.com/c",
  "HTTPS://UPSALES.COM/C",
  "https://Integration.Upsales.com/c/%2e%2e?a=https://evil.com/&b=@evil.com",
  "https://upsales.com?token=1",
  "https://upsales.com//evil.com/c",
  "https://xn--bcher-kva.upsales.com/c",
  "https://127.0.0.1.upsales.com/c",
];

describe.each(frameworks)("$name", (framework) => {
  const hello = { callback: { notify: "Hello!" } };

  it("upsales.17 an event whose address is not the provider's, in whatever spelling, is answered inline", async () => {
    let answer: object | undefined = hello;
    const house = await besiege(framework, "upsales", { handle: () => answer });
    for (const callbackUrl of refused) {
      const body = JSON.stringify({ ...JSON.parse(fresh("upsales").body), callbackUrl });
      const answered = await house.attack({ body });
      const isText = typeof callbackUrl === "string" && callbackUrl !== "";
      expect([callbackUrl, ...statuses(answered)]).toEqual([callbackUrl, isText ? 200 : 400]);
      expect(answered).toContain(isText ? '"notify":"Hello!"' : '{"code":"malformed"}');
    }
    await house.receiver.idle();
    expect(house.posts).toEqual([]);
    answer = undefined;
    await house.unharmed({ handled: house.events.length });
  });

  it("upsales.17 and never posted to: its callback is a dead letter", async () => {
    const house = await besiege(framework, "upsales", { handle: () => hello, options: { answerWithin: 0 } });
    const texts = refused.filter((one) => typeof one === "string" && one !== "");
    for (const callbackUrl of texts)
      await house.attack({ body: JSON.stringify({ ...JSON.parse(fresh("upsales").body), callbackUrl }) });
    await house.receiver.idle();
    expect(house.posts).toEqual([]);
    const letters = await house.receiver.deadLetters.list({ limit: 1_000 });
    expect(letters.map(({ error }) => error?.code)).toEqual(texts.map(() => "callback_url_refused"));
    expect(new Set(letters.map(({ attempts }) => attempts))).toEqual(new Set([0]));
  });

  it("upsales.17 an address that is, is posted to in its normal form", async () => {
    const house = await besiege(framework, "upsales", { handle: () => hello, options: { answerWithin: 0 } });
    for (const callbackUrl of taken) {
      const body = JSON.stringify({ ...JSON.parse(fresh("upsales").body), callbackUrl });
      expect([callbackUrl, ...statuses(await house.attack({ body }))]).toEqual([callbackUrl, 200]);
      await house.receiver.idle();
      expect(house.posts.at(-1)!.url).toBe(new URL(callbackUrl).href);
    }
    expect(house.posts).toHaveLength(taken.length);
  });

  it("upsales.17 a person's request is answered as well, and a status request has no address at all", async () => {
    const house = await besiege(framework, "upsales", { handle: () => hello });
    const body = JSON.stringify({ ...JSON.parse(fresh("upsales").body), callbackUrl: "https://evil.com/c" });
    for (const path of ["/upsales/orderedit", "/upsales/widget/a", "/upsales/status"])
      expect([path, ...statuses(await house.attack({ path, body }))]).toEqual([path, 200]);
    await house.receiver.idle();
    expect([house.events.length, house.posts.length]).toEqual([3, 0]);
  });
});
