/**
 * To which addresses a box connects for pictures: those of its network. Never link-local ones, where clouds keep the
 * credentials of a machine, nor group, broadcast and other special ones. To the box itself only when the configuration
 * says so plainly: 127.0.0.1, ::1 or localhost.
 */
import { isIP, type LookupFunction } from 'node:net';
import { checkedLookup, kindOfAddress, type ResolveName } from '../../contract/special-address.ts';

/** Whether a camera at `host` may be found at `address`. */
export function isAllowedAddress(host: string, address: string): boolean {
  const kind = kindOfAddress(address);
  return kind === 'network' || (kind === 'own' && isOwnName(host));
}

/** Everything else that leads to this machine was not meant to. */
function isOwnName(host: string): boolean {
  return host === '::1' || host === 'localhost' || (isIP(host) === 4 && host.startsWith('127.'));
}

/** What stands in a configuration as an address is judged without asking anybody. */
export function isForbiddenHost(host: string): boolean {
  return isIP(host) !== 0 && !isAllowedAddress(host, host);
}

export function allowedLookup(resolve?: ResolveName): LookupFunction {
  return checkedLookup(
    isAllowedAddress,
    (host) => `the name ${host} leads to no address that a camera may have`,
    resolve,
  );
}
