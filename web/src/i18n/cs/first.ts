import { ask } from './ask.ts';
import { errors } from './errors.ts';
import { evidence } from './evidence.ts';
import { shell } from './shell.ts';
import { signIn } from './sign-in.ts';

/** The texts of the first page and of what opens beside it. */
export const texts = { ...shell, ...ask, ...evidence, ...signIn, ...errors } as const;
