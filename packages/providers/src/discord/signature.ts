/** How Discord signs all that it sends: Ed25519 over timestamp and body. */
import { ed25519Signature, type Authenticator } from "@answerback/core/provider";

/** An application's public key, 64 hexadecimal digits of its page "General Information"; a list while it rotates. */
export type DiscordPublicKey = string | undefined | readonly (string | undefined)[];

/**
 * Lets in what Discord has signed.
 *
 * @throws OptionError `missing`, `empty` or `invalid` for a key that is not there, or is none.
 * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#discord.1 discord.1}
 */
export function signature(publicKey: DiscordPublicKey): Authenticator {
  return ed25519Signature({
    header: "X-Signature-Ed25519",
    signed: "{timestamp}{body}",
    timestamp: { header: "X-Signature-Timestamp" },
    publicKey,
  });
}
