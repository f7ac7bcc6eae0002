/**
 * Just enough of the tar format (POSIX.1-1988, ustar) for plain files in one folder: written, and read back strictly, so
 * that not a byte of an archive can differ unseen.
 */

export type TarEntry = Readonly<{ name: string; bytes: number; modifiedAtMs: number }>;

const block = 512;
const zero = Buffer.alloc(block);

/** The block before a file. The name is plain ASCII of at most 100 characters. */
export function tarHeader({ name, bytes, modifiedAtMs }: TarEntry): Buffer {
  const header = Buffer.alloc(block);
  const octal = (value: number, at: number, length: number): number =>
    header.write(value.toString(8).padStart(length - 1, '0'), at, 'ascii');
  header.write(name, 0, 'ascii');
  octal(0o644, 100, 8);
  octal(0, 108, 8);
  octal(0, 116, 8);
  octal(bytes, 124, 12);
  octal(Math.floor(modifiedAtMs / 1000), 136, 12);
  header.write('0', 156, 'ascii');
  header.write('ustar\u000000', 257, 'ascii');
  header.write(`${sumOf(header).toString(8).padStart(6, '0')}\0 `, 148, 'ascii');
  return header;
}

/** What fills the last block of a file. */
export function tarPadding(bytes: number): Buffer {
  return zero.subarray(0, (block - (bytes % block)) % block);
}

export const tarEnd = Buffer.alloc(2 * block);

/** How many bytes the archive takes. */
export function tarBytes(files: readonly Readonly<{ bytes: number }>[]): number {
  return files.reduce(
    (sum, { bytes }) => sum + block + bytes + tarPadding(bytes).length,
    tarEnd.length,
  );
}

export type TarFault = Readonly<{ ok: false; reason: string }>;

/** Reads an archive that `tarHeader` and its like have written; anything else is a fault. */
export function readTar(
  archive: Buffer,
): Readonly<{ ok: true; files: ReadonlyMap<string, Buffer> }> | TarFault {
  const files = new Map<string, Buffer>();
  let at = 0;
  while (at + tarEnd.length < archive.length) {
    const header = archive.subarray(at, at + block);
    const name = textOf(header.subarray(0, 100));
    const bytes = Number.parseInt(textOf(header.subarray(124, 136)), 8);
    const modifiedAtMs = Number.parseInt(textOf(header.subarray(136, 148)), 8) * 1000;
    const from = at + block;
    const padding = tarPadding(bytes || 0).length;
    const to = from + bytes + padding;
    const isPlausible = bytes >= 0 && modifiedAtMs >= 0 && to + tarEnd.length <= archive.length;
    if (!isPlausible || !tarHeader({ name, bytes, modifiedAtMs }).equals(header))
      return fault(`the header at byte ${at} has been changed`);
    if (files.has(name)) return fault(`there are two files ${name}`);
    if (archive.subarray(to - padding, to).some((byte) => byte !== 0))
      return fault(`there is something behind ${name}`);
    files.set(name, archive.subarray(from, from + bytes));
    at = to;
  }
  return archive.subarray(at).equals(tarEnd)
    ? { ok: true, files }
    : fault('the end of the archive has been changed or is missing');
}

const fault = (reason: string): TarFault => ({ ok: false, reason });

const textOf = (field: Buffer): string => field.toString('latin1').split('\0')[0] ?? '';

/** Of all bytes, those of the sum itself as spaces. */
function sumOf(header: Buffer): number {
  return header.reduce((sum, byte, at) => sum + (at >= 148 && at < 156 ? 0x20 : byte), 0);
}
