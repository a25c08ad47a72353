import { z } from 'zod';

/** GET /admin/v1/doctor: what was looked at. The page says each code in its language; the text is for programs. */
export const DoctorResponse = z.object({
  findings: z.array(
    z.object({
      code: z.string(),
      state: z.enum(['good', 'note', 'wrong']),
      text: z.string(),
      values: z.record(z.string(), z.union([z.string(), z.number()])),
    }),
  ),
});
export type DoctorResponse = z.infer<typeof DoctorResponse>;

/** GET /hradlo/v1/about: what runs here, of what it is made, under which licences. */
export const AboutResponse = z.object({
  name: z.string(),
  version: z.string(),
  licence: z.string(),
  runtime: z.object({ node: z.string(), sqlite: z.string(), platform: z.string() }),
  components: z.array(z.object({ name: z.string(), version: z.string(), licence: z.string() })),
  notice: z.string(),
});
export type AboutResponse = z.infer<typeof AboutResponse>;

/** GET /admin/v1/hardware: what the machine has. */
export const HardwareResponse = z.object({
  processor: z.string(),
  cores: z.number(),
  memoryBytes: z.number(),
  freeMemoryBytes: z.number(),
  freeDiskBytes: z.number(),
  /** Whether people reach the server over TLS. */
  isSecure: z.boolean(),
  /** Whether the server can be reached from other machines. */
  isShared: z.boolean(),
  hasSamples: z.boolean(),
});
export type HardwareResponse = z.infer<typeof HardwareResponse>;
