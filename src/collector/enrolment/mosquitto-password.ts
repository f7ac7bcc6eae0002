/**
 * Passwords as Mosquitto's password file holds them: `$7$iterations$salt$hash`, PBKDF2 with SHA-512
 * (https://mosquitto.org/man/mosquitto_passwd-1.html). They are 192 random bits, so few iterations are enough.
 */
import { pbkdf2Sync, randomBytes, timingSafeEqual } from 'node:crypto';

const iterations = 101;
const hashBytes = 64;
const saltBytes = 12;

export function hashPassword(password: string): string {
  const salt = randomBytes(saltBytes);
  const hash = pbkdf2Sync(password, salt, iterations, hashBytes, 'sha512');
  return `$7$${iterations}$${salt.toString('base64')}$${hash.toString('base64')}`;
}

export function verifyPassword(passwordHash: string, password: string): boolean {
  const [, kind, rounds, salt, expected] = passwordHash.split('$');
  if (kind !== '7' || rounds === undefined || salt === undefined || expected === undefined)
    return false;
  const hash = Buffer.from(expected, 'base64');
  const given = pbkdf2Sync(
    password,
    Buffer.from(salt, 'base64'),
    Number(rounds),
    hash.length,
    'sha512',
  );
  return timingSafeEqual(hash, given);
}
