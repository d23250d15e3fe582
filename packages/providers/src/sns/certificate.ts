/** The certificates that SNS signs with: fetched by one delivery for all, kept, and bounded. */
import { X509Certificate } from "node:crypto";
import { AnswerbackError, fetchPublished, type Clock, type Transport } from "@answerback/core/provider";

/** What fetches certificates, and the time in which it has to. */
export interface CertificateOptions {
  /** Gets a certificate. */
  readonly fetch: Transport;
  /** Default: the process's clock. */
  readonly clock: Clock | undefined;
}

/**
 * Gives the certificate at an address of SNS's.
 *
 * @param now When the delivery arrived: ms since the epoch.
 */
export type Certificates = (url: string, now: number) => Promise<X509Certificate>;

const maxKept = 16;
const maxFetched = 10;
const minuteMs = 60_000;

/**
 * Certificates that are fetched when a signature names them. One that is there never changes, as its name is its digest; in
 * a minute ten are fetched at most, since anybody may name one.
 *
 * @returns What gives a certificate, or rejects with `keys_away` where it could not be fetched.
 * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#sns.3 sns.3}
 */
export function fetchedCertificates({ fetch, clock }: CertificateOptions): Certificates {
  const kept = new Map<string, X509Certificate>();
  const fetching = new Map<string, Promise<X509Certificate>>();
  let begun: readonly number[] = [];

  async function fetched(url: string): Promise<X509Certificate> {
    try {
      const certificate = await fetchPublished({ url, fetch, clock, accept: "*/*" }, certificateIn);
      kept.set(url, certificate);
      if (kept.size > maxKept) kept.delete(kept.keys().next().value!);
      return certificate;
    } finally {
      fetching.delete(url);
    }
  }

  function begin(url: string, now: number): Promise<X509Certificate> {
    // a clock may have been set back meanwhile, so that both directions count
    begun = begun.filter((at) => Math.abs(now - at) < minuteMs);
    if (begun.length >= maxFetched)
      throw new AnswerbackError("keys_away", `${maxFetched} certificates were fetched within a minute`);
    begun = [...begun, now];
    const promise = fetched(url);
    fetching.set(url, promise);
    return promise;
  }

  return async (url, now) => kept.get(url) ?? fetching.get(url) ?? begin(url, now);
}

function certificateIn(pem: string): X509Certificate {
  const certificate = parsed(pem);
  const { asymmetricKeyType, asymmetricKeyDetails } = certificate.publicKey;
  if (asymmetricKeyType === "rsa" && (asymmetricKeyDetails?.modulusLength ?? 0) >= 2_048) return certificate;
  throw new AnswerbackError("keys_away", "its certificate has no RSA key of 2,048 bits or more");
}

function parsed(pem: string): X509Certificate {
  try {
    return new X509Certificate(pem);
  } catch (cause) {
    throw new AnswerbackError("keys_away", "its answer is no certificate", { cause });
  }
}
