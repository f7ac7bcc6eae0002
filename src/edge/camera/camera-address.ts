/**
 * To which addresses a box connects for pictures: those of its network. Never link-local ones, where clouds keep the
 * credentials of a machine, nor group, broadcast and other special ones. To the box itself only when the configuration
 * says so plainly: 127.0.0.1, ::1 or localhost. A name is resolved once, and what was checked is what is connected to, so
 * that a name which changes its mind in between leads nowhere else.
 */
import { type LookupAddress, lookup as resolveName } from 'node:dns';
import { BlockList, isIP, type LookupFunction } from 'node:net';

type Resolve = (
  host: string,
  options: Readonly<{ all: true }>,
  done: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
) => void;

/** What is no camera's, in the notation of the registries of special addresses. */
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
    list.addSubnet(address, Number(length), address.includes(':') ? 'ipv6' : 'ipv4');
  }
  return list;
}

/** Whether a camera at `host` may be found at `address`. */
export function isAllowedAddress(host: string, address: string): boolean {
  const version = isIP(address);
  if (version === 0) return false;
  const family = version === 6 ? 'ipv6' : 'ipv4';
  if (ownAddresses.check(address, family)) return isOwnName(host);
  return !specialAddresses.check(address, family);
}

/** Everything else that leads to this machine was not meant to. */
function isOwnName(host: string): boolean {
  return host === '::1' || host === 'localhost' || (isIP(host) === 4 && host.startsWith('127.'));
}

/** What stands in a configuration as an address is judged without asking anybody. */
export function isForbiddenHost(host: string): boolean {
  return isIP(host) !== 0 && !isAllowedAddress(host, host);
}

/** The code of the error for a name none of whose addresses is allowed. */
export const forbiddenCode = 'EFORBIDDENADDRESS';

/** For `net.connect`: gives only allowed addresses of the host. */
export function allowedLookup(resolve: Resolve = resolveName): LookupFunction {
  return (host, options, done) =>
    resolve(host, { ...options, all: true }, (error, addresses) => {
      if (error !== null) return done(error, '');
      const allowed = addresses.filter(({ address }) => isAllowedAddress(host, address));
      const [first] = allowed;
      if (first === undefined) {
        const refused = new Error(`the name ${host} leads to no address that a camera may have`);
        return done(Object.assign(refused, { code: forbiddenCode }), '');
      }
      if (options.all === true) done(null, allowed);
      else done(null, first.address, first.family);
    });
}
