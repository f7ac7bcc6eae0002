/**
 * Why a speaker did not say what it should have said, and why a sound or its text cannot be used: each reason by its code,
 * with the sentence that is stored and sent. `{what}` is a reason of these lists again. Read `reason.ts`.
 */
export const speakerReasons = {
  // What the network says.
  'sip-nobody-listens':
    "no SIP device listens at {place}; check the speaker's address and that SIP is switched on",
  'rtp-nobody-listens':
    "nothing listens at {place}; check the speaker's port and that paging is switched on",
  'speaker-no-device': "no device answers at {place}; check the speaker's power and cable",
  'speaker-no-route':
    "there is no route to {place}; check this machine's network and the speaker's address",
  'speaker-unknown-name': "the name {host} is not known; check the speaker's address",
  'no-network-card':
    'this machine has no network card with the address {address}; mend interfaceAddress',
  'sending-forbidden': 'this machine is not allowed to send to {place}; check its firewall',
  'sending-failed': 'sending to {place} failed: {error}',
  'no-port': 'no port could be opened: {error}',
  'connection-broken': 'the device at {place} broke the connection',
  'not-sip': 'the device does not speak SIP',

  // What the speaker says.
  'speaker-silent':
    'the speaker at {place} did not answer in time; check its power, cable and address',
  'speaker-unreachable':
    'the speaker at {place} cannot be reached ({error}); check its power, cable and address',
  'speaker-wrong-password':
    'the speaker at {place} refuses the user name or password ({said}); mend username and password',
  'speaker-wants-password':
    'the speaker at {place} asks for a password ({said}); set username and passwordFile',
  'speaker-busy': 'the speaker at {place} is busy ({said})',
  'speaker-not-there': 'the speaker behind {place} is not there ({said})',
  'speaker-unknown-user': "nobody of that name is at {place} ({said}); mend the speaker's user",
  'speaker-no-codec': 'the speaker at {place} takes none of the codecs ({said}); change its codec',
  'speaker-answered-no-codec':
    'the speaker at {place} answered without a codec for the sound; change its codec',
  'speaker-no-g711':
    'channel {channel} of the speaker at {place} takes no G.711; set its audio encoding to G.711ulaw or G.711alaw',
  'speaker-refused-call': 'the speaker at {place} refused the call: {said}',
  'speaker-refused-status': 'the speaker at {place} refused with status {said}',
  'speaker-unknown-request':
    'the speaker at {place} does not know this request (404); check its device and channel',
  'speaker-not-registered': 'not registered: {what}',
  'speaker-ended-call': 'the speaker at {place} ended the call before the end',
  'speaker-ended-connection': 'the speaker at {place} ended the connection before the end',
  'speaker-takes-no-sound':
    'the speaker at {place} takes the connection but not the sound; check its network, or switch it off and on',
  'speaker-gone-at-end':
    'the speaker at {place} took the call but was gone at its end; check its power and cable',
  'speaker-not-asked': 'the speaker at {place} was not asked to the end',
  'not-asked': 'it was not asked to the end',
  'speaker-unfinished': 'the speaker did not finish in time',
  'folder-refuses': 'the folder {folder} does not take the announcement: {error}',
  'probe-broke': 'the probe broke: {error}',
  'driver-broke': 'the driver broke: {error}',
  'no-such-speaker': 'no speaker "{speakerId}" is configured; add it to the collector\'s speakers',
  'no-speaker-beside': 'no speaker stands beside this camera',

  // Kept back or cut short on purpose.
  'too-late': 'its time had passed before the speaker was free',
  'cut-by-urgent': 'cut short by a more urgent announcement',
  'stopped-by-operator': 'stopped by the operator',
  'cut-by-stop': 'cut short because the collector was stopped',
  'was-stopped': 'it was stopped',
  'quiet-hours': 'the speaker has its quiet hours',
  'said-just-now': 'it said the same less than {seconds} s ago',
  'said-unknown': 'the collector broke off while it was being said',

  // Zones: {parts} are `name: reason`, joined as `reason.ts` does.
  'zone-partly-silent': '{silent} of {all} speakers did not say it: {parts}',
  'zone-empty': 'the zone has no speakers',
  'member-busy': 'it was saying something else',
  'member-not-opened': 'it was not opened',
  'sound-not-prepared': 'it was not prepared',

  // Live speech.
  'not-live': 'this speaker cannot speak live; its driver takes whole sounds only',
  'held-by-another': 'somebody speaks through this speaker already',
  'speaker-not-opened': 'the speaker could not be opened: {error}',
  'console-silent': 'the console fell silent',
  'spoke-too-long': 'nobody speaks longer than two minutes',

  // Sounds and speech.
  'sound-unreadable': 'the sound cannot be read: {error}',
  'sound-not-made': 'the sound could not be prepared: {error}',
  'speech-not-ready': 'speech is not ready: {what}',
  'recording-not-ready': 'the recording "{name}" is not ready: {what}',
  'recording-missing': 'there is no recording "{name}"; put {name}.wav or {name}.mp3 into {folder}',
  'recordings-off':
    'there is no recording "{name}" because no recordings folder is configured; set recordingsFolder',
  'speech-off': 'speech is off because espeak-ng is missing; install the Debian package espeak-ng',
  'speech-no-chinese':
    'espeak-ng reads Chinese as English; install the Debian package espeak-ng-data',
  'speech-model-unusable':
    'the speech model in {folder} cannot be used: the folder {what}; put a whole VITS model of sherpa-onnx there or take voice.sherpa away',
  'model-folder-unreadable': 'cannot be read',
  'model-folder-count': 'has {count} .onnx files where one belongs',
  'model-folder-no-model': 'has no ONNX model in {name}',
  'model-folder-no-tokens': 'has no tokens.txt',
  'model-folder-no-words': 'has no lexicon.txt and no espeak-ng-data',
  'speech-model-mute': 'the speech model in {folder} does not speak: {what}',
  'speech-model-voices':
    "voice.sherpa.speakerNumber is {number}, the model's voices are numbered from 0 to {last}",
  'speech-model-no-sound':
    'it made no sound of the text; see that its lexicon has the words and that voice.sherpa.language is its own',
  'speech-package-missing':
    'the npm package {name} is not installed; run npm ci without leaving out optional packages',
  'speech-library-broken': 'its library does not load on {machine}: {error}',
  'speech-program-missing':
    'the program {program} is missing; correct voice.sherpa.program, or take it away to speak by the installed library',
  'speech-model-slow':
    'the speech model in {folder} was not ready within {seconds} s, so espeak-ng spoke; give the machine more power or take a smaller model',
  'program-overdue': '{name} did not finish in time',
  'program-ended': '{name} ended with {how}: {error}',
  'recording-name': 'a name has 1 to 32 lower-case letters, digits and hyphens',
  'recording-unusable': 'this recording cannot be used: {what}',
  'recording-format': 'this is no WAV and no MP3; save it as one of them',
  'recording-empty': 'the file holds no sound',
  'recording-too-short': 'the recording is shorter than a fifth of a second',
  'recording-too-long': 'the recording takes {seconds} s; cut it to {mostSeconds} s at most',
  'recording-silent': 'it is silent',
  'recording-peaks':
    'its peaks are so sharp that it stays at {lufs} LUFS; cut the cracks out or record it again',

  // Texts to be said.
  'text-empty': 'there is no text to be said; write one or choose to say nothing',
  'text-placeholder': 'there is no placeholder {placeholder}; use {known}',
  'text-brace': 'a brace is not closed; write placeholders as {known}',
  'text-personal': 'the text holds an identity number; the street is told nothing about persons',
} as const;
