/** What is said: a text of the rule's own, a template or a recording of the library; heard before it is saved. */
import { Input, Segmented, Select } from 'antd';
import type { RuleAnnouncement } from '../../contract/rule-response.ts';
import type { SpokenLanguage } from '../../contract/voice.ts';
import { useVoice } from '../api/queries.ts';
import { useLanguage, useTexts } from '../i18n/language.tsx';
import { ListenButton } from '../voice/listen-button.tsx';
import type { SoundPlayer } from '../voice/sound-player.ts';

type Choice = Readonly<{
  /** Tells this choice from others of the same rule. */
  id: string;
  announcement: RuleAnnouncement | undefined;
  cameraId: string | undefined;
  player: SoundPlayer;
  /** What no choice means. */
  without: 'none' | 'same';
  choose: (announcement: RuleAnnouncement | undefined) => void;
}>;

type Kind = RuleAnnouncement['kind'] | 'without';

export function AnnouncementChoice(choice: Choice) {
  const { voice: words } = useTexts();
  const { id, announcement, cameraId, player, without } = choice;
  const library = useVoice().data;
  const switchKind = useKindSwitch(choice);
  return (
    <div className="announcement-choice" data-testid={`announcement-${id}`}>
      <Segmented<Kind>
        block
        value={announcement?.kind ?? 'without'}
        onChange={switchKind}
        options={[
          { value: 'without', label: words.kinds[without] },
          { value: 'speech', label: words.kinds.speech },
          {
            value: 'template',
            label: words.kinds.template,
            disabled: (library?.templates.length ?? 0) === 0,
          },
          {
            value: 'recording',
            label: words.kinds.recording,
            disabled: (library?.recordings.length ?? 0) === 0,
          },
        ]}
      />
      {announcement === undefined ? null : (
        <>
          <Words {...choice} announcement={announcement} />
          <div className="announcement-buttons">
            <ListenButton
              player={player}
              id={id}
              announcement={isSayable(announcement) ? announcement : undefined}
              cameraId={cameraId}
            />
            <LanguageChoice {...choice} announcement={announcement} />
          </div>
        </>
      )}
    </div>
  );
}

function isSayable(announcement: RuleAnnouncement): boolean {
  return announcement.kind !== 'speech' || announcement.text.trim() !== '';
}

/** Another kind begins with the first of the library, or with an empty text. */
function useKindSwitch({ announcement, choose }: Choice): (kind: Kind) => void {
  const { language: ownLanguage } = useLanguage();
  const library = useVoice().data;
  const language =
    announcement === undefined || announcement.kind === 'recording'
      ? ownLanguage
      : announcement.language;
  return (kind) => {
    switch (kind) {
      case 'without':
        return choose(undefined);
      case 'speech':
        return choose({ kind, text: ' ', language });
      case 'template': {
        const first = library?.templates[0];
        return first === undefined
          ? undefined
          : choose({ kind, templateId: first.templateId, language });
      }
      case 'recording': {
        const first = library?.recordings[0];
        return first === undefined ? undefined : choose({ kind, name: first.name });
      }
      default:
        return kind satisfies never;
    }
  };
}

function Words({
  id,
  announcement,
  choose,
}: Choice & Readonly<{ announcement: RuleAnnouncement }>) {
  const { rules, voice: words } = useTexts();
  const library = useVoice().data;
  switch (announcement.kind) {
    case 'speech':
      return (
        <Input.TextArea
          value={announcement.text.trim() === '' ? '' : announcement.text}
          placeholder={rules.announcementPlaceholder}
          autoSize={{ minRows: 2, maxRows: 4 }}
          maxLength={300}
          autoFocus={announcement.text === ' '}
          data-testid={`announcement-text-${id}`}
          // The contract wants a text: an emptied field holds a blank until something is typed.
          onChange={({ target: { value } }) =>
            choose({ ...announcement, text: value === '' ? ' ' : value })
          }
        />
      );
    case 'template':
      return (
        <Select
          value={announcement.templateId}
          options={listed(
            announcement.templateId,
            library?.templates.map(({ templateId, name }) => [templateId, name]),
            words.gone,
          )}
          onChange={(templateId: string) => choose({ ...announcement, templateId })}
        />
      );
    case 'recording':
      return (
        <Select
          value={announcement.name}
          options={listed(
            announcement.name,
            library?.recordings.map(({ name, title }) => [name, title]),
            words.gone,
          )}
          onChange={(name: string) => choose({ kind: 'recording', name })}
        />
      );
    default:
      return announcement satisfies never;
  }
}

/** With the chosen one among them, also when it is no longer there. */
function listed(
  chosen: string,
  known: readonly (readonly [value: string, label: string])[] | undefined,
  gone: (name: string) => string,
): { value: string; label: string }[] {
  const options = (known ?? []).map(([value, label]) => ({ value, label }));
  const isKnown = known === undefined || options.some(({ value }) => value === chosen);
  return isKnown ? options : [...options, { value: chosen, label: gone(chosen) }];
}

function LanguageChoice({
  announcement,
  choose,
}: Choice & Readonly<{ announcement: RuleAnnouncement }>) {
  if (announcement.kind === 'recording') return null;
  return (
    <Segmented<SpokenLanguage>
      value={announcement.language}
      onChange={(language) => choose({ ...announcement, language })}
      options={[
        { value: 'zh-CN', label: '普通话' },
        { value: 'en', label: 'English' },
      ]}
    />
  );
}
