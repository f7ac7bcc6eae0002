/**
 * Why a camera gives no usable picture and a box cannot keep what it should: each reason by its code, with the sentence that
 * crosses the wire. `{facts}` are filled in; `{what}` is a reason of this list again. Read `reason.ts`.
 */
export const cameraReasons = {
  // What is said of an address or of a stream.
  'camera-address': 'camera {cameraId}: the address {place} {what}',
  'camera-stream': 'camera {cameraId}: {place}: {what}',
  'camera-picture': 'camera {cameraId}: {what}',
  'camera-silent':
    'camera {cameraId}: {place} has sent no picture for {seconds} s; check the camera and its network',
  'camera-damaged':
    'camera {cameraId}: about {percent} % of the pictures from {place} are damaged and left out; check its network and lower its bit rate',
  'camera-password-refused':
    "camera {cameraId}: {place} refused the user name or the password; correct them in the edge's configuration",
  'camera-password-wanted':
    "camera {cameraId}: {place} wants a user name and a password; add them to the edge's configuration",
  'camera-worker-ended': "camera {cameraId}: its worker ended; see the edge's log",
  'camera-gone': 'the camera is {state}',

  // Addresses.
  'address-refuses': 'refused the connection; check host and port',
  'address-unresolved':
    'has a host name that cannot be resolved; check the name or give the IP address',
  'address-silent': 'does not answer; check that the camera has power and is on the network',
  'address-no-route': 'cannot be reached from this box; check the network between them',
  'address-unreachable': 'cannot be reached ({code}); check host, port and network',
  'address-untrusted':
    'has a TLS certificate that is not trusted ({detail}); name its CA in NODE_EXTRA_CA_CERTS',
  'address-not-rtsp': 'does not speak RTSP; check the port',
  'address-hangs': 'takes the connection but does not answer; restart the camera',
  'address-oversized': 'sends answers that are too long for RTSP; check that it is a camera',
  'address-no-video': 'offers no video; choose the path of its video stream',
  'address-codec':
    'sends video as {codec}, which cannot be decoded; set its encoder to H.264 or H.265',
  'address-closed': 'closed the connection; it is tried again',
  'address-unknown-path': 'is not known to the camera; check the path',
  'address-forbidden': 'is forbidden by the camera; give the account the right to view',
  'address-busy': 'is busy; allow more viewers at the camera',
  'address-moved': 'has moved; give the address where it is now',
  'address-refused': 'was refused by the camera ({said}); check the path',

  // Streams.
  'stream-no-ffmpeg': 'ffmpeg cannot be started; install ffmpeg',
  'stream-no-file': 'there is no such file; check the path',
  'stream-no-permission': 'it may not be read; give this service the right to read it',
  'stream-no-video': 'it carries no video; choose its video stream',
  'stream-too-large': 'its picture is larger than 8192x4320; choose a smaller stream of the camera',
  'stream-undecodable':
    'it sends no video that ffmpeg can decode; set its encoder to H.264 or H.265',
  'stream-ended': 'the stream ended; it is tried again',

  // What stands in the edge's configuration.
  'source-without-scheme':
    'its source looks like an address without its beginning; write it as rtsp://host:port/path',
  'source-scheme':
    'an address that starts with {scheme}:// is not supported; give rtsp://, rtsps:// or the path of a clip',
  'source-unreadable':
    'its {scheme}:// address cannot be read; write it as {scheme}://host:port/path',
  'source-at-sign':
    'there is an @ behind the host of its address; give user and password as username and passwordFile, or write / ? # of a password as %2F %3F %23 and an @ of the path as %40',
  'source-forbidden':
    '{host} is link-local or another address that no camera may have; give the camera an address of its network',

  // The picture itself.
  'picture-covered': 'its picture is covered; look whether something hangs before the lens',
  'picture-turned': 'it shows another place than before; turn it back, or draw its rules again',
  'picture-defocused': 'its picture is out of focus; clean or focus the lens',
  'picture-frozen': 'its picture has not changed for a minute; restart the camera',
  'picture-reshaped':
    'its picture has another shape than its rules were drawn on, so they are suspended; draw them again or set the camera back',
  'picture-too-dark':
    'its picture is too dark to see anybody; look for the lamp and the infrared light',
  'picture-tampered': 'the camera is covered, turned or shows no street',
  'rules-suspended': 'the rules are suspended because the picture has another shape',
  'no-picture': 'no picture',
  'pictures-again': 'pictures again',

  // Boxes.
  'edge-unreachable': 'edge {edgeId} is not reachable',
  'camera-taken-out': 'edge {edgeId} has this camera no longer',
  'camera-held-elsewhere':
    'camera {cameraId} belongs to edge {edgeId}; take it out of the configuration of one box',
  'edge-disk-full': 'the disk of {folder} is full; free some room, or events will be dropped',
  'rule-too-slow':
    'rule {ruleId} needs {neededPerSecond} analysed pictures a second and gets fewer; people may pass unseen: raise analysisFps, relieve the box, or draw it with more room on both sides',

  // Who was warned: why nobody knows whether he left.
  'analysis-silent': 'the analysis of the camera did not answer',
  'analysis-began-anew': 'the analysis of the camera began anew after the event',
  'rule-gone': 'the rule is not there any more',
  'edge-no-camera': 'this box has no camera {cameraId}',

  // Rules that are refused.
  'rules-same-id': 'two rules are called "{ruleId}"; give each its own id',
  'wire-double-point': 'tripwire "{ruleId}" has two points at the same place; draw it again',
  'wire-never':
    'tripwire "{ruleId}": between its two wires lie at least {leastSeconds} s and at most {mostSeconds} s, which never happens; raise mostSeconds',
  'zone-outline': 'zone "{ruleId}" {what}; draw it again',
  'mask-outline': 'privacy mask "{ruleId}" {what}; draw it again',
  'outline-no-area': 'has no area',
  'outline-crosses': 'has an outline that crosses itself',
  'rule-time-zone':
    'rule "{ruleId}": there is no time zone "{timeZone}"; write one like Asia/Shanghai',
  'rule-text': 'rule "{ruleId}": {what}',
} as const;
