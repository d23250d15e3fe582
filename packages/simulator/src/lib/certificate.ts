/** A key and a certificate that it signs itself, for providers whose signatures name a certificate. */
import { Buffer } from "node:buffer";
import { createSign, generateKeyPairSync, randomBytes } from "node:crypto";

/** A private key and its certificate, both as PEM. */
export interface Certified {
  /** The private key. */
  readonly key: string;
  /** The certificate. */
  readonly certificate: string;
}

/** A new RSA key with a certificate for `name`, from 2025 to 2049. */
export function selfSigned(name: string): Certified {
  const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2_048 });
  const spki = publicKey.export({ type: "spki", format: "der" });
  // RFC 5280, section 4.1: serial, algorithm, issuer, validity, subject, key
  const signed = der(
    sequence,
    der(integer, Buffer.from([0x01]), randomBytes(8)),
    sha256WithRsa,
    nameOf(name),
    der(sequence, utcTime("250101000000Z"), utcTime("491231235959Z")),
    nameOf(name),
    spki,
  );
  const signature = createSign("RSA-SHA256").update(signed).sign(privateKey);
  const whole = der(sequence, signed, sha256WithRsa, der(bitString, Buffer.from([0]), signature));
  const lines = whole.toString("base64").replaceAll(/.{64}/g, "$&\n").trimEnd();
  return {
    key: String(privateKey.export({ type: "pkcs8", format: "pem" })),
    certificate: `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`,
  };
}

const [integer, bitString, utf8String, utc, sequence, set] = [0x02, 0x03, 0x0c, 0x17, 0x30, 0x31] as const;

/** A tag, a length, the contents. */
function der(tag: number, ...contents: readonly Buffer[]): Buffer {
  const content = Buffer.concat(contents);
  const { length } = content;
  if (length < 0x80) return Buffer.concat([Buffer.from([tag, length]), content]);
  return Buffer.concat([Buffer.from([tag, 0x82, length >> 8, length & 0xff]), content]);
}

const utcTime = (time: string) => der(utc, Buffer.from(time));

/** 1.2.840.113549.1.1.11 and NULL. */
const sha256WithRsa = Buffer.from("300d06092a864886f70d01010b0500", "hex");

/** 2.5.4.3, the common name, alone. */
const nameOf = (name: string) =>
  der(
    sequence,
    der(set, der(sequence, Buffer.from("0603550403", "hex"), der(utf8String, Buffer.from(name)))),
  );
