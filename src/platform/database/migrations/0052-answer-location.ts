import type { Migration } from '../migrate.ts';

/** Where an answer ran: `here`, or the name of an engine. NULL for answers from before, and for those that never ran. */
export const answerLocation: Migration = {
  number: 52,
  name: 'answer-location',
  sql: `ALTER TABLE answer ADD COLUMN ran_on TEXT;\n`,
};
