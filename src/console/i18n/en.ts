/** The console's words in English. */
import { reasonSentences } from '../../contract/reason.ts';
import { administrationEn } from './administration-en.ts';
import { centreEn } from './centre-en.ts';
import { deletionEn } from './deletion-en.ts';
import { errorsEn } from './errors-en.ts';
import { keepingEn } from './keeping-en.ts';
import { mapEn } from './map-en.ts';
import { navEn } from './nav-en.ts';
import { popupEn } from './popup-en.ts';
import { rulesEn } from './rules-en.ts';
import { speakersEn } from './speakers-en.ts';
import { talkEn } from './talk-en.ts';
import { voiceEn } from './voice-en.ts';
import type { Texts } from './zh.ts';

export const en: Texts = {
  product: 'Haoguanjia',
  dutyRoom: 'Duty room',
  language: '中文',
  listed: (names) => names.join(', '),

  signIn: {
    title: 'Duty sign-in',
    username: 'User name',
    password: 'Password',
    submit: 'Sign in and turn sound on',
    setupTitle: 'First start: make the first account',
    setupHint: 'The one-time token stands in the start-up log of the centre and works once.',
    token: 'One-time token',
    newPassword: 'Choose a password (at least 10 characters)',
    setupSubmit: 'Make the account and sign in',
    tooShort: 'at least 10 characters',
    required: 'Required',
    signOut: 'Sign out',
    useToken: 'Use a one-time token',
    tokenTitle: 'Choose a password with a one-time token',
    tokenSubmit: 'Choose the password and sign in',
    back: 'Back to sign-in',
  },

  feed: {
    connecting: 'Connecting to the centre…',
    connected: 'Live feed connected',
    lost: 'CONNECTION TO THE CENTRE LOST',
    lostSince: (seconds) => `Lost for ${seconds} s. New alarms do not pop up. Reconnecting`,
  },

  centre: centreEn,
  map: mapEn,

  sound: {
    locked: 'Sound is off: click here to turn it on',
    mute: 'Mute',
    unmute: 'Sound on',
    muted: 'Muted',
  },

  nav: navEn,

  counts: {
    raised: 'To acknowledge',
    acknowledged: 'In hand',
    camerasLive: 'Cameras live',
    edgesOnline: 'Edges online',
  },

  severity: { information: 'Notice', warning: 'Warning', emergency: 'Emergency' },
  alarmState: { raised: 'To acknowledge', acknowledged: 'In hand', closed: 'Closed' },
  closeReason: {
    handled: 'Handled',
    'false-alarm': 'False alarm',
    'known-person': 'Known person',
    other: 'Other',
  },

  announcement: {
    queued: 'Announcement queued',
    speaking: 'Speaking',
    sent: 'Announcement sent',
    answered: 'Speaker answered',
    played: 'Announcement played',
    busy: 'Speaker busy',
    refused: 'Speaker refused',
    unreachable: 'Speaker unreachable',
    expired: 'Announcement expired',
    withheld: 'Kept silent on purpose',
    failed: 'Announcement failed',
  },

  cameraState: {
    connecting: 'Connecting',
    live: 'Live',
    degraded: 'Degraded',
    stalled: 'Stalled',
    'auth-failed': 'Wrong password',
    offline: 'Offline',
  },

  event: {
    'tripwire-crossed': 'Tripwire crossed',
    'zone-entered': 'Zone entered',
    'zone-left': 'Zone left',
    'dwell-loitering': 'Loitering in zone',
    'place-occupied': 'Place occupied',
    'pass-loitering': 'Same person again,',
    'crowd-gathered': 'Crowd gathered',
    'camera-tampered': 'Camera tampered with:',
    tampering: {
      covered: 'covered',
      turned: 'turned away',
      defocused: 'out of focus',
      frozen: 'picture frozen',
      'too-dark': 'too dark',
      reshaped: 'picture has another shape, its rules are suspended',
    },
    'camera-offline': 'Camera offline',
    offlineCause: {
      'signal-lost': 'Signal lost:',
      'not-seen': 'Camera never seen:',
      refused: 'Camera refuses the password:',
    },
    'camera-back': 'Camera back',
    'events-dropped': 'The edge was full and dropped',
    'events-lost': 'Events lost:',
    'outbox-damaged': 'The edge found its outbox damaged and mended it:',
    'sequence-repeated': 'The edge gave numbers twice (put back to an older copy?):',
    'warning-answered': 'After the announcement:',
    dropped: {
      clip: (count) => `${count} clips`,
      snapshot: (count) => `${count} snapshots`,
      notice: (count) => `${count} minor events`,
      alarm: (count) => `${count} alarm events`,
    },
    carriedOver: (count) => `${count} waiting events were saved; the others are being asked for`,
    neverDelivered: (kept, missing) =>
      `${kept} waiting events were saved, at most ${missing} are lost; none had come before`,
    lost: (count) => `${count} never arrived`,
    repeated: (count) => `${count}, all are kept`,
    direction: { 'a-to-b': 'A → B', 'b-to-a': 'B → A' },
    dwell: (seconds) => `there for ${seconds} s`,
    inOrder: (seconds) => `both wires in order, ${seconds} s apart`,
    occupied: (seconds) => `for ${seconds} s`,
    stay: (seconds) => `stayed ${seconds} s`,
    people: (count) => `${count} people`,
    passes: (count) => `pass no. ${count}`,
    pass: (index) => `Pass ${index}`,
    link: {
      'same-track': 'same track',
      certain: 'certainly the same',
      probable: 'probably the same',
    },
  },

  alarms: {
    title: 'Alarms',
    none: 'No open alarms',
    noHistory: 'No closed alarms',
    repeats: (count) => `${count} more since`,
    late: 'late',
    lateHint: 'Happened while the uplink was down; filed afterwards, never popped up nor spoken',
    storageFault: (edgeId) => `The disk of edge ${edgeId} is full; events may be lost`,
    open: 'Open',
    ago: (seconds) =>
      seconds < 60
        ? `${seconds} s ago`
        : seconds < 3600
          ? `${Math.floor(seconds / 60)} min ago`
          : `${Math.floor(seconds / 3600)} h ago`,
    allCameras: 'All cameras',
    camera: 'Camera',
    rule: 'Rule',
    time: 'Time',
    closedBy: 'Closed by',
    reason: 'Outcome',
    note: 'Note',
    older: 'Older alarms',
    newest: 'Back to newest',
    until: 'Before this time',
    held: 'Held',
    export: 'Export',
    exportReason: 'Why it is exported (stands in the register and in the file)',
    exportHint: 'One signed tar file: the alarm, its picture with a watermark, its clip',
  },

  popup: popupEn,

  live: {
    connecting: 'Opening the live picture…',
    failed: 'The live picture does not open',
    retry: 'trying again',
    live: 'Live',
    play: 'Open live picture',
    stop: 'Close live picture',
  },

  wall: {
    title: 'Wall',
    none: 'No cameras yet. When an edge box connects, its cameras appear here by themselves.',
    noPicture: 'No snapshot yet',
    draw: 'Draw rules',
    allLive: 'All live',
    onDemand: 'On demand',
    edgeOffline: 'the edge box is cut off from the centre',
    since: (time) => `since ${time}`,
  },

  cameras: {
    name: 'Name',
    place: 'Place',
    edge: 'Edge',
    state: 'State',
    rate: 'Analysis rate',
    perSecond: (value) => `${value} fps`,
    rules: 'Rules version',
    speaker: 'Speaker',
    open: 'Draw rules',
    none: 'none',
  },

  rules: rulesEn,
  administration: administrationEn,
  deletion: deletionEn,
  keeping: keepingEn,
  voice: voiceEn,
  speakers: speakersEn,
  talk: talkEn,

  errors: errorsEn,
  reasons: reasonSentences,
};
