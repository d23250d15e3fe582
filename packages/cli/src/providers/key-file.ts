/** A provider's own key in a file, so that the receiver, which knows its public half, knows it tomorrow, too. */
import { generateKeyPairSync } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { selfSigned, type Certified } from "@answerback/simulator";
import { wrong } from "../exit.ts";

/** An Ed25519 key as PEM; made where the file is not there. */
export function edKey(file: string): string {
  return kept(file, () =>
    String(generateKeyPairSync("ed25519").privateKey.export({ type: "pkcs8", format: "pem" })),
  );
}

/** An RSA key with its certificate, both in one PEM file; made where the file is not there. */
export function certified(file: string, name: string): Certified {
  const pem = kept(file, () => {
    const made = selfSigned(name);
    return made.key + made.certificate;
  });
  const certificate = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----\n?/.exec(pem)?.[0];
  if (certificate === undefined) throw wrong(`--key: ${file} has no certificate beside its key`);
  return { key: pem.replace(certificate, ""), certificate };
}

function kept(file: string, make: () => string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT")
      throw wrong(`--key: ${file} cannot be read: ${(error as Error).message}`);
  }
  const made = make();
  writeFileSync(file, made, { flag: "wx", mode: 0o600 });
  return made;
}
