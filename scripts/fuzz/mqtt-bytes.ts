/** MQTT 3.1.1 packets as bytes, right and wrong (http://docs.oasis-open.org/mqtt/mqtt/v3.1.1/os/mqtt-v3.1.1-os.html). */

export function connectPacket(clientId: string, username: string, password: string): Buffer {
  const head = Buffer.from([0, 4, 0x4d, 0x51, 0x54, 0x54, 4, 0xc2, 0, 60]);
  return packet(0x10, Buffer.concat([head, text(clientId), text(username), text(password)]));
}

export function publishPacket(topic: string, payload: Uint8Array, qos: number, id: number): Buffer {
  const parts = qos === 0 ? [text(topic)] : [text(topic), number16(id)];
  return packet(0x30 | (qos << 1), Buffer.concat([...parts, payload]));
}

export function subscribePacket(filter: string, id: number): Buffer {
  return packet(0x82, Buffer.concat([number16(id), text(filter), Buffer.from([1])]));
}

export function packet(firstByte: number, body: Uint8Array): Buffer {
  const length: number[] = [];
  for (let left = body.length; left > 0 || length.length === 0; left = Math.floor(left / 128))
    length.push((left % 128) | (left >= 128 ? 128 : 0));
  return Buffer.concat([Buffer.from([firstByte, ...length]), body]);
}

function text(value: string): Buffer {
  const bytes = Buffer.from(value);
  return Buffer.concat([number16(bytes.length), bytes]);
}

function number16(value: number): Buffer {
  return Buffer.from([(value >> 8) & 255, value & 255]);
}
