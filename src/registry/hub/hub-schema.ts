import { z } from 'zod';

/** What is read of the hub's description of a repository. */
export const RepositoryReply = z.object({
  cardData: z.object({ license: z.union([z.string(), z.array(z.string())]).nullish() }).nullish(),
});
