/** Links that carry passwords and pictures in clear to another machine: allowed on loopback, said aloud elsewhere. */
/** Of a host as it stands in an address or a configuration. Every other name may be another machine's. */
export function isLoopback(host: string): boolean {
  const bare = host.replace(/^\[|\]$/g, '');
  return bare === 'localhost' || bare === '::1' || ownAddress.test(bare);
}

const ownAddress = /^127(\.(25[0-5]|2[0-4]\d|1?\d?\d)){3}$/;

/** One sentence about such a link; undefined for one that is encrypted or stays on this machine. */
export function plainLinkWarning(url: string): string | undefined {
  if (!URL.canParse(url)) return undefined;
  const { protocol, hostname } = new URL(url);
  const better = { 'mqtt:': 'mqtts://', 'http:': 'https://' }[protocol];
  if (better === undefined || isLoopback(hostname)) return undefined;
  return `the link to ${hostname} is not encrypted: passwords and pictures can be read on the way; use ${better}`;
}
