/** What a bad network makes of RTP packets on their way, the same in every run. */

export const rtpHeadBytes = 12;

/** Of each byte behind the head with that chance one bit. */
export function flipBits(chance: number): (packet: Buffer) => readonly Buffer[] {
  const random = randomNumbers(7);
  return (packet) => {
    const flipped = Buffer.from(packet);
    for (let at = rtpHeadBytes; at < flipped.length; at += 1)
      if (random() < chance) flipped[at] = (flipped[at] ?? 0) ^ (1 << Math.floor(random() * 8));
    return [flipped];
  };
}

export function losePackets(chance: number): (packet: Buffer) => readonly Buffer[] {
  const random = randomNumbers(9);
  return (packet) => (random() < chance ? [] : [packet]);
}

export function randomBytes(): (packet: Buffer) => readonly Buffer[] {
  const random = randomNumbers(11);
  return (packet) => [
    packet.map((byte, at) => (at < rtpHeadBytes ? byte : Math.floor(random() * 256))) as Buffer,
  ];
}

function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return state / 2_147_483_648;
  };
}
