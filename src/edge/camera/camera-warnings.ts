/** What is amiss with a camera that gives pictures all the same: one sentence for each topic, told when any changes. */

type WarningTopic = 'decoder' | 'damage';

export type CameraWarnings = Readonly<{
  /** `undefined` takes the topic's sentence back. */
  set: (topic: WarningTopic, sentence: string | undefined) => void;
}>;

export function createCameraWarnings(tell: (sentences: readonly string[]) => void): CameraWarnings {
  const said = new Map<WarningTopic, string>();
  return {
    set: (topic, sentence) => {
      if (said.get(topic) === sentence) return;
      if (sentence === undefined) said.delete(topic);
      else said.set(topic, sentence);
      tell([...said.values()]);
    },
  };
}
