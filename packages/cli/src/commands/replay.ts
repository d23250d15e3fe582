/** `answerback replay`: sends a request from a file again, as it was. */
import { request as requestPlain, type ClientRequest, type IncomingMessage } from "node:http";
import { request as requestSecure } from "node:https";
import { Command } from "commander";
import { Complaint, exit, wrong } from "../exit.ts";
import { readRequest, type Read } from "../http/request-file.ts";
import { toJson } from "../print/json.ts";
import { shownBelow, shownPath } from "../print/secrets.ts";
import { inWords } from "../print/times.ts";
import { visible } from "../print/visible.ts";
import { duration } from "../typed.ts";
import { note, print, styled, type World } from "../world.ts";

interface Options {
  readonly within: number;
  readonly json?: true;
}

/** The command. */
export function replayCommand(world: World): Command {
  return new Command("replay")
    .description("Send a request from a file again, as it was")
    .argument("<file>", "a request as listen keeps it, or one written by hand, with line ends of either kind")
    .argument(
      "[url]",
      "where to; an address with a path takes the place of the file's; default: the Host in the file",
    )
    .option("--within <duration>", "how long the whole answer may take", duration, 60_000)
    .option("--json", "print the result as JSON")
    .addHelpText(
      "after",
      `
Method, path, body and all headers are sent as they are in the file, in their order. Renewed are Host, Content-Length and
Connection, and of a body in chunks the sizes of the chunks. A signature is not made anew: a receiver that
looks at its age refuses an old one.`,
    )
    .action((file: string, url: string | undefined, options: Options) =>
      replay(world, { file, url }, options),
    );
}

async function replay(
  world: World,
  { file, url }: { readonly file: string; readonly url: string | undefined },
  options: Options,
): Promise<void> {
  const read = await readRequest(file);
  const to = targetOf(read, url);
  note(
    world,
    `Host, Content-Length and Connection are renewed; ${to.origin} gets the rest as it is in ${file}`,
  );
  const answered = await sendAgain(read, to, options.within);
  const { status, body, tookMs } = answered;
  const isWell = status >= 200 && status < 400;
  if (options.json) await print(world, toJson({ method: read.method, ...answered }));
  else {
    const head = `${visible(read.method, 20)} ${shownPath(to.pathname + to.search)}`;
    const says = styled(world, isWell ? "green" : "red", `answered ${status}`);
    await print(
      world,
      [`${head}: ${says} after ${inWords(tookMs)}`, ...(body === "" ? [] : [shownBelow(body)])].join("\n"),
    );
  }
  if (!isWell) throw new Complaint(exit.failed);
}

function targetOf({ path, host }: Read, typed: string | undefined): URL {
  const address = typed ?? (host === undefined ? undefined : `http://${host}`);
  if (address === undefined) throw wrong("the file has no Host: say where to send it");
  if (!URL.canParse(address) || !/^https?:$/.test(new URL(address).protocol))
    throw wrong(`${JSON.stringify(address)} is no address; write it as http://localhost:3000`);
  const url = new URL(address);
  return url.pathname === "/" && url.search === "" ? new URL(path, url.origin) : url;
}

interface Answered {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: string;
  readonly tookMs: number;
}

function sendAgain(read: Read, to: URL, withinMs: number): Promise<Answered> {
  const began = Date.now();
  return new Promise((resolve, reject) => {
    const request = open(read, to);
    const fail = (error: Error) =>
      reject(new Complaint(exit.failed, `${to.origin}: ${error.message || "no connection"}`));
    const timer = setTimeout(
      () => request.destroy(new Error(`no answer within ${inWords(withinMs)}`)),
      withinMs,
    );
    request.on("close", () => clearTimeout(timer));
    request.on("error", fail);
    request.on("response", (response) => {
      const { statusCode: status = 0, headers } = response;
      textOf(response).then((body) => resolve({ status, headers, body, tookMs: Date.now() - began }), fail);
    });
    request.end(read.body);
  });
}

function open({ method, headers, body }: Read, to: URL): ClientRequest {
  const kept = headers.filter(([name]) => name.toLowerCase() !== "connection");
  const isChunked = kept.some(([name]) => name.toLowerCase() === "transfer-encoding");
  const renewed = [
    ["Host", to.host],
    ...kept,
    ...(isChunked || (body.length === 0 && method === "GET")
      ? []
      : [["Content-Length", String(body.length)]]),
    ["Connection", "close"],
  ];
  const send = to.protocol === "https:" ? requestSecure : requestPlain;
  // as a flat list Node writes the names as they are, each as often as it is there
  return send(to, { method, headers: renewed.flat(), agent: false });
}

async function textOf(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of response as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}
