/** Hosts that may freeze a process as soon as its reply is out, told from what they say of themselves. */

/**
 * Variables that these hosts set where a function runs.
 *
 * @see {@link https://vercel.com/docs/environment-variables/system-environment-variables Vercel}
 * @see {@link https://docs.netlify.com/build/functions/environment-variables/ Netlify}
 * @see {@link https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html AWS Lambda}
 * @see {@link https://cloud.google.com/run/docs/container-contract#env-vars Google Cloud}
 */
const variables = {
  VERCEL: "Vercel",
  NETLIFY: "Netlify",
  AWS_LAMBDA_FUNCTION_NAME: "AWS Lambda",
  FUNCTION_TARGET: "Google Cloud Functions",
};

/** The name of the host that runs this process, if it is one that freezes. */
export function freezingHost(): string | undefined {
  // https://developers.cloudflare.com/workers/runtime-apis/web-standards/#navigatoruseragent
  if (globalThis.navigator?.userAgent === "Cloudflare-Workers") return "Cloudflare Workers";
  return Object.entries(variables).find(([name]) => process.env[name])?.[1];
}
