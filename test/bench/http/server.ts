/** One server in a process of its own: it says its port, and what it has cost when asked. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Format } from "../work/deliveries.ts";
import { apps, type AppName } from "./apps.ts";

const [name, format] = process.argv.slice(2) as [AppName, Format];
const server = createServer(await apps[name](format));

server.listen(0, "127.0.0.1", () => process.send!({ port: (server.address() as AddressInfo).port }));
process.on("message", () => process.send!({ cpu: process.cpuUsage() }));
process.on("disconnect", () => process.exit());
