/** Passwords with every sign that has ever spoilt an address, a command line or a log, for property tests. */
import fc from 'fast-check';

/** Two marks that stand nowhere else, with whatever between them: no part of it that matters can get lost in a sentence. */
export const anyPassword: fc.Arbitrary<string> = fc
  .array(fc.oneof(fc.constantFrom(...'@:/%\\?#&=; \'"$`{}[]\n\t\0密码é🚨%40'), fc.string()), {
    maxLength: 12,
  })
  .map((pieces) => `Zq9x${pieces.join('')}w7Kj`);

/** What is found in a text that tells such a password, also where signs of it are escaped. */
export const passwordMarks = /Zq9x|w7Kj/;
