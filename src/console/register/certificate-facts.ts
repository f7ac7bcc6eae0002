/** A deletion certificate as the lines of a page that people read: label and text, in the order of the page. */
import type { DeletionCertificate } from '../../contract/deletion-certificate.ts';
import type { DeletionTexts } from '../i18n/deletion-zh.ts';
import { clockText, dateText, zoneText } from '../i18n/time-text.ts';

export type CertificateFact = Readonly<{ label: string; text: string }>;

/** Undefined when the row's detail is no certificate. */
export function readCertificate(detail: string | undefined): DeletionCertificate | undefined {
  try {
    const read = JSON.parse(detail ?? '') as Partial<DeletionCertificate>;
    const isWhole = typeof read.items === 'number' && typeof read.sha256 === 'string';
    return isWhole ? (read as DeletionCertificate) : undefined;
  } catch {
    return undefined;
  }
}

type Row = Readonly<{ number: number; atMs: number }>;

export function certificateFacts(
  { number, atMs }: Row,
  certificate: DeletionCertificate,
  words: DeletionTexts,
): readonly CertificateFact[] {
  const { counts, cameras, oldestMs, newestMs, rule, forSpace, sha256 } = certificate;
  const { classes } = words;
  const list = (figures: Figures, say?: (figure: number) => string) =>
    figuresText(figures, classes, say);
  return [
    { label: words.row, text: String(number) },
    { label: words.at, text: moment(atMs) },
    { label: words.counts, text: list(counts) },
    { label: words.stored, text: words.range(moment(oldestMs), moment(newestMs)) },
    ...Object.entries(cameras)
      .sort(([a], [b]) => a.localeCompare(b))
      .map(([cameraId, own]) => ({ label: `${words.camera} ${cameraId}`, text: list(own) })),
    { label: words.profile, text: words.profiles[rule.profile] ?? rule.profile },
    { label: words.kept, text: list(rule.days, words.days) },
    ...Object.entries(rule.cameras).map(([cameraId, days]) => ({
      label: words.keptBy(cameraId),
      text: list(days, words.days),
    })),
    ...(forSpace === undefined ? [] : [{ label: words.forSpace, text: String(forSpace) }]),
    { label: words.hash, text: sha256 },
  ];
}

type Figures = Readonly<Record<string, number>>;

/** `Clips 2 · Events 8` */
export function figuresText(
  figures: Figures,
  classes: Readonly<Record<string, string>>,
  say: (figure: number) => string = String,
): string {
  return Object.entries(figures)
    .map(([name, figure]) => `${classes[name] ?? name} ${say(figure)}`)
    .join(' · ');
}

/** Printed, nobody sees the workstation's clock beside it. */
const moment = (atMs: number): string => `${dateText(atMs)} ${clockText(atMs)} ${zoneText(atMs)}`;
