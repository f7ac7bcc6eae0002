/** Which key does what while an alarm stands before the operator. Pure; keys never act while somebody is typing. */

export type PopupCommand =
  | 'acknowledge'
  | 'false-alarm'
  | 'handled'
  | 'put-aside'
  | 'next'
  | 'previous'
  | 'mute'
  | 'silence'
  | 'play-clip'
  | 'hold'
  | 'export';

export type KeyPress = Readonly<{
  key: string;
  repeat: boolean;
  ctrlKey: boolean;
  altKey: boolean;
  metaKey: boolean;
}>;

const commands: ReadonlyMap<string, PopupCommand> = new Map<string, PopupCommand>([
  [' ', 'acknowledge'],
  ['enter', 'acknowledge'],
  ['f', 'false-alarm'],
  ['h', 'handled'],
  ['escape', 'put-aside'],
  ['arrowright', 'next'],
  ['arrowdown', 'next'],
  ['arrowleft', 'previous'],
  ['arrowup', 'previous'],
  ['m', 'mute'],
  ['s', 'silence'],
  ['p', 'play-clip'],
  ['k', 'hold'],
  ['e', 'export'],
]);

/** Undefined for keys that mean nothing here. A key that is held down acts once. */
export function popupCommand(press: KeyPress): PopupCommand | undefined {
  if (press.ctrlKey || press.altKey || press.metaKey || press.repeat) return undefined;
  return commands.get(press.key.toLowerCase());
}
