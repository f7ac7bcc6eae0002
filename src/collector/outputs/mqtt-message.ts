/** What an output puts on the broker. */
export type MqttMessage = Readonly<{
  topic: string;
  /** Empty and retained takes back what was retained there. */
  payload: string;
  retain: boolean;
}>;
