import { certificate } from './certificate.ts';
import { documents } from './documents.ts';
import { notes } from './notes.ts';

/** The texts of documents, as their pages and dialogs bring them. */
export const texts = { ...documents, ...notes, ...certificate } as const;
