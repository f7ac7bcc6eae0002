/**
 * A resolver of names whose answers change, as the server of a name that means harm gives them (DNS rebinding): one list
 * after the other, the last for ever.
 */
import type { LookupAddress, LookupAllOptions } from 'node:dns';

type Done = (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void;

export function changingResolver(...answers: readonly (readonly string[])[]) {
  let asked = 0;
  const resolve = (_host: string, _options: LookupAllOptions, done: Done): void => {
    const addresses = answers[Math.min(asked, answers.length - 1)] ?? [];
    asked += 1;
    const family = (address: string) => (address.includes(':') ? 6 : 4);
    done(
      null,
      addresses.map((address): LookupAddress => ({ address, family: family(address) })),
    );
  };
  return { resolve, asked: () => asked };
}
