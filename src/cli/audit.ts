import { AuditEventsResponse } from '#wire/admin/index.ts';
import { CliError } from './client.ts';
import type { Command, CommandCall } from './command.ts';

const USAGE = 'hradlo audit list [TEXT], audit export, or audit key';
const PAGE_SIZE = 100;
/** As many as a person looks at; more with --from and --to. */
const MOST_EVENTS = 1000;

/** `hradlo audit list|export|key`. */
export const auditCommand: Command = async (call) => {
  const { words, client, print } = call;
  const [what] = words;
  if (what === 'list') return listEvents(call);
  if (what !== 'export' && what !== 'key') throw new CliError(USAGE, 2);
  const response = await client.send('GET', `/admin/v1/audit/${what}`);
  response.setEncoding('utf8');
  for await (const part of response) print(String(part));
};

/** A day, or a time of it, as the server takes times. */
function toTime(given: string): string {
  const time = new Date(given);
  if (Number.isNaN(time.getTime())) throw new CliError(`"${given}" is not a day such as 2026-11-20.`, 2);
  return time.toISOString();
}

function toQuery({ words, values }: CommandCall): URLSearchParams {
  const { kind, person, from, to } = values;
  const given = {
    text: words.slice(1).join(' '),
    kind,
    actor: person,
    from: from && toTime(from),
    to: to && toTime(to),
  };
  const query = new URLSearchParams({ limit: String(PAGE_SIZE) });
  for (const [name, value] of Object.entries(given)) if (value) query.set(name, value);
  return query;
}

/** When, where in the chain, what, who, and what it names. */
function toLine(event: AuditEventsResponse['events'][number]): string {
  const { at, sequence, kind, actor, fields } = event;
  return `${at}  ${sequence}  ${kind}  ${actor.issuer}/${actor.subject}  ${JSON.stringify(fields)}`;
}

/** Events newest first. */
async function listEvents(call: CommandCall): Promise<void> {
  const { values, client, print } = call;
  const query = toQuery(call);
  let shown = 0;
  for (let after: string | null = ''; after !== null && shown < MOST_EVENTS;) {
    if (after !== '') query.set('after', after);
    const path = `/admin/v1/audit/events?${query.toString()}`;
    const page: AuditEventsResponse = AuditEventsResponse.parse(await client.json('GET', path));
    for (const event of page.events) print(`${values.json ? JSON.stringify(event) : toLine(event)}\n`);
    shown += page.events.length;
    after = page.next;
  }
  if (shown === 0 && !values.json) print('Nothing like that is on record.\n');
}
