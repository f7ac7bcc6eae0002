/**
 * Which addresses of a network are no device's and no program's, and a lookup that gives the others only. A name is resolved
 * once, and what was checked is what is connected to, so that a name which changes its mind in between leads nowhere else.
 * Server side only; the console connects to the centre alone.
 */
import { type LookupAddress, lookup as resolveName } from 'node:dns';
import { BlockList, isIP, type LookupFunction } from 'node:net';

export type ResolveName = (
  host: string,
  options: Readonly<{ all: true }>,
  done: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
) => void;

/** In the notation of the registries of special addresses: unspecified, link-local, group and broadcast ones. */
const special: readonly string[] = [
  ...['0.0.0.0/8', '169.254.0.0/16', '192.0.0.0/24', '224.0.0.0/4', '240.0.0.0/4'],
  ...['::/128', 'fe80::/10', 'ff00::/8'],
  // IPv4 addresses in IPv6's clothes, which would lead past the lines above; ::ffff:0:0/96 is read as IPv4 by itself.
  ...['::/96', '64:ff9b::/96', '64:ff9b:1::/48', '2002::/16', '2001::/32'],
  // Where clouds that do not use a link-local address tell a machine its credentials.
  ...['100.100.100.200/32', '168.63.129.16/32', 'fd00:ec2::254/128', 'fd20:ce::254/128'],
];
const own: readonly string[] = ['127.0.0.0/8', '::1/128'];

const specialAddresses = listOf(special);
const ownAddresses = listOf(own);

function listOf(subnets: readonly string[]): BlockList {
  const list = new BlockList();
  for (const subnet of subnets) {
    const [address = '', length] = subnet.split('/');
    list.addSubnet(address, Number(length), familyOf(address));
  }
  return list;
}

function familyOf(address: string): 'ipv4' | 'ipv6' {
  return address.includes(':') ? 'ipv6' : 'ipv4';
}

/** `own`: of this machine alone. `network`: any other place; private ones too, for that is where cameras and offices are. */
export function kindOfAddress(address: string): 'own' | 'special' | 'network' | 'none' {
  if (isIP(address) === 0) return 'none';
  const family = familyOf(address);
  if (ownAddresses.check(address, family)) return 'own';
  return specialAddresses.check(address, family) ? 'special' : 'network';
}

/** The code of the error for a name none of whose addresses is allowed. */
export const forbiddenCode = 'EFORBIDDENADDRESS';

/** For `net.connect`: gives only those addresses of the host that `isAllowed` lets pass. */
export function checkedLookup(
  isAllowed: (host: string, address: string) => boolean,
  refusal: (host: string) => string,
  resolve: ResolveName = resolveName,
): LookupFunction {
  return (host, options, done) =>
    resolve(host, { ...options, all: true }, (error, addresses) => {
      if (error !== null) return done(error, '');
      const allowed = addresses.filter(({ address }) => isAllowed(host, address));
      const [first] = allowed;
      if (first === undefined) {
        const refused = new Error(refusal(host));
        return done(Object.assign(refused, { code: forbiddenCode }), '');
      }
      if (options.all === true) done(null, allowed);
      else done(null, first.address, first.family);
    });
}
