import { z } from 'zod';

const Annotation = z.looseObject({
  hradlo: z.looseObject({
    index: z.number(),
    heading_path: z.array(z.string()),
    page: z.number().nullable(),
    quote: z.string(),
  }),
  url_citation: z.looseObject({ url: z.string(), title: z.string() }),
});

/** A chunk of our own streamed completion, as our own clients read it. */
export const ChatCompletionChunk = z.looseObject({
  choices: z
    .array(
      z.looseObject({
        delta: z.looseObject({ content: z.string().nullish(), annotations: z.array(Annotation).optional() }),
      }),
    )
    .default([]),
  error: z.looseObject({ message: z.string() }).optional(),
  hradlo: z
    .looseObject({
      answer_id: z.string(),
      grade: z.string().nullable(),
      as_of: z.object({ valid_at: z.string(), named_by: z.string() }).nullish(),
      nearby: z.array(z.looseObject({ title: z.string(), heading_path: z.array(z.string()) })),
    })
    .optional(),
});
export type ChatCompletionChunk = z.infer<typeof ChatCompletionChunk>;
