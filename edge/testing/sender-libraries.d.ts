// As much of the senders' libraries as their test uses: their own types bring Node's, and the edge is typed for Workers.
export const Stripe: { webhooks: { generateTestHeaderStringAsync(options: { payload: string; secret: string }): Promise<string> } };
export class Webhooks {
  constructor(options: { secret: string });
  sign(payload: string): Promise<string>;
}
