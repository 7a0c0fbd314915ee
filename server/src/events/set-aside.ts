import { publishRecord } from './outbox.js';
import { type Delivery, type Outgoing, outgoingModels } from './travel.js';

/** How many records wait for their listeners, and how many hold an entry that was set aside. */
export async function outboxFigures(): Promise<{ pending: number; setAside: number }> {
  let pending = 0;
  let setAside = 0;
  for (const model of outgoingModels().values()) {
    pending += await model.countDocuments({ outboxPending: { $gt: 0 } });
    setAside += await model.countDocuments({ outboxSetAside: { $gt: 0 } });
  }
  return { pending, setAside };
}

const asNew = ({ done, failed }: Delivery): Delivery => ({
  done,
  failed: failed.filter(({ nextAt }) => nextAt !== null),
});

/** Every entry that was set aside is handed to its failing listeners once more, as if it were new. */
export async function retrySetAside(): Promise<number> {
  let retried = 0;
  for (const [kind, model] of outgoingModels()) {
    const found = model
      .find({ outboxSetAside: { $gt: 0 } }, { timeline: 1 })
      .lean<Outgoing[]>()
      .cursor();
    for await (const record of found) {
      for (const { id, published, delivery } of record.timeline) {
        if (!published || !delivery) continue;
        const { modifiedCount } = await model.updateOne(
          { _id: record._id, timeline: { $elemMatch: { id, published: true } } },
          {
            $set: { 'timeline.$.published': false, 'timeline.$.delivery': asNew(delivery) },
            $inc: { outboxPending: 1, outboxSetAside: -1 },
          },
        );
        retried += modifiedCount;
      }
      await publishRecord(kind, String(record._id));
    }
  }
  return retried;
}
