/** What webhooks have to be told, kept until they took it. */
import type { FeedMessage } from '../../contract/console-api.ts';
import type { GivenUpDelivery } from '../../contract/given-up-delivery.ts';

type WebhookDelivery = Readonly<{
  /** The same over all repeats. */
  deliveryId: string;
  message: FeedMessage;
  /** How often it was tried in vain. */
  attempts: number;
}>;

export type WebhookQueue = Readonly<{
  /**
   * Takes what is due for one receiver until the given time; nobody else gets it before. Of one alarm (camera, edge,
   * speaker) only the oldest that waits. What was never tried comes first.
   */
  claimDeliveries: (
    webhookId: string,
    claim: Readonly<{ nowMs: number; untilMs: number; limit: number }>,
  ) => Promise<readonly WebhookDelivery[]>;
  deliverySent: (deliveryId: string) => Promise<void>;
  postponeDelivery: (deliveryId: string, dueAtMs: number) => Promise<void>;
  /** What has waited since before the given time is tried no more, but kept; answers with how many for whom. */
  giveUpDeliveries: (
    createdBeforeMs: number,
    nowMs: number,
  ) => Promise<readonly Readonly<{ webhookId: string; count: number }>[]>;
  /** What was given up, newest first. */
  givenUpDeliveries: (limit: number) => Promise<readonly GivenUpDelivery[]>;
  /** Tried anew as if it had just been told; false when no such delivery was given up. */
  retryDelivery: (deliveryId: string, nowMs: number) => Promise<boolean>;
  /** Answers with how many that were. */
  forgetGivenUp: (givenUpBeforeMs: number) => Promise<number>;
  deliveriesWaiting: () => Promise<readonly Readonly<{ webhookId: string; count: number }>[]>;
}>;

/** Who has to be told of a message, by ids of webhooks. */
export type WebhookTargets = (message: FeedMessage) => readonly string[];
