import { z } from 'zod';

/** More than a list may hold: the list itself says what is too much. */
const MAX_CHARACTERS = 400_000;

/** The body of PUT /admin/v1/synonyms: the whole list, one group a line. */
export const SynonymsBody = z.strictObject({
  text: z
    .string()
    .max(MAX_CHARACTERS)
    .describe(
      'One group a line: `ŘP = řidičský průkaz`, `home office, práce z domova`; `auto => osobní automobil` counts one way only. `#` begins a remark.',
    ),
});

/** The tenant's list of synonyms. */
export const SynonymsResponse = z.object({
  text: z.string(),
  digest: z.string().nullable().describe('Names the list in the release of an answer; null for none.'),
  groups: z.number(),
  chosenAt: z.string().nullable(),
  chosenBy: z.string().nullable(),
});
export type SynonymsResponse = z.infer<typeof SynonymsResponse>;
