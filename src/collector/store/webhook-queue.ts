/** What webhooks have to be told, kept until they took it. */
import type { FeedMessage } from '../../contract/console-api.ts';

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
  /** Forgets what has waited since before the given time; answers with how many for whom. */
  giveUpDeliveries: (
    createdBeforeMs: number,
  ) => Promise<readonly Readonly<{ webhookId: string; count: number }>[]>;
  deliveriesWaiting: () => Promise<readonly Readonly<{ webhookId: string; count: number }>[]>;
}>;

/** Who has to be told of a message, by ids of webhooks. */
export type WebhookTargets = (message: FeedMessage) => readonly string[];
