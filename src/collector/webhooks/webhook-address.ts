/**
 * To which addresses the centre sends what happens: those of a network, private ones too, for a centre's receivers stand
 * beside it. Not to this machine, nor to link-local and other special addresses, where a name that changed its mind would
 * reach what listens for nobody else: unless the configuration names the very address in `allowAddresses`.
 */
import { BlockList, isIP, type LookupFunction } from 'node:net';
import { checkedLookup, kindOfAddress, type ResolveName } from '../../contract/special-address.ts';

export type AddressRule = Readonly<{
  /** What the host's own address is judged by, when it is written as one. */
  isForbiddenHost: (host: string) => boolean;
  /** Asks for the host's addresses once, and gives those that are allowed. */
  lookup: LookupFunction;
}>;

export function createAddressRule(
  allowAddresses: readonly string[] = [],
  resolve?: ResolveName,
): AddressRule {
  const named = new BlockList();
  const familyOf = (address: string) => (isIP(address) === 6 ? 'ipv6' : 'ipv4');
  for (const address of allowAddresses) named.addAddress(address, familyOf(address));
  const isAllowed = (address: string): boolean => {
    const kind = kindOfAddress(address);
    return kind === 'network' || (kind !== 'none' && named.check(address, familyOf(address)));
  };
  return {
    isForbiddenHost: (host) => isIP(host) !== 0 && !isAllowed(host),
    lookup: checkedLookup(
      (_, address) => isAllowed(address),
      () => 'the name leads to no address that a webhook may have',
      resolve,
    ),
  };
}

/** As `net.connect` wants it: an IPv6 address without its brackets. */
export const hostOf = ({ hostname }: URL): string => hostname.replace(/^\[(.*)\]$/, '$1');
